import type { UserErrorRow } from '../../../platform/errors.ts';
import type { Hold } from './entities.ts';

export interface Money {
  /** An exact decimal. */
  amount: string;
  currency: string;
}

export interface PaymentQuote {
  points: bigint;
  worth: Money;
  due: Money;
}

/** Says of which member it is, beside the contract's fields. */
export interface HoldPayload {
  hold: Hold | null;
  memberId: string | null;
  userErrors: UserErrorRow[];
}
