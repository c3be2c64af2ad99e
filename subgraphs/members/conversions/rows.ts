import type { UserErrorRow } from '../../../platform/errors.ts';
import type { Conversion } from './entities.ts';

/** Says whose account the points left, beside the contract's fields. */
export interface ConversionPayload {
  conversion: Conversion | null;
  memberId: string | null;
  account: { memberId: string; currency: string } | null;
  userErrors: UserErrorRow[];
}
