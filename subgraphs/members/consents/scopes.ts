import { z } from 'zod';
import type { ConsentScope } from '../../../platform/contract.generated.ts';

const scopesInOrder = [
  'READ_BALANCE',
  'READ_PROFILE',
  'EARN',
  'SPEND',
] as const satisfies readonly ConsentScope[];

/** What a member lets a partner do, or a partner asks for: each once, in the contract's order. */
export const consentScopes = z
  .array(z.enum(scopesInOrder))
  .min(1, 'must hold one scope or more')
  .max(100)
  .transform((given) => scopesInOrder.filter((scope) => given.includes(scope)));
