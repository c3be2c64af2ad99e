import type { Account } from './model-account.ts';

/** A command as the model reads it. */
export interface ModelCommand {
  kind: string;
  member: string;
  currency: string;
  key: string;
  points?: bigint;
  partner?: string;
  effectiveAt?: number;
  activatesAt?: number;
  cancelsAt?: number;
  /** Infinity for never; of points by the policy where left out. */
  expiresAt?: number;
  target?: string;
  other?: string;
  /** Of a purchase in its smallest unit: what was returned up to now, and what it was. */
  returned?: bigint;
  total?: bigint;
  clawback?: 'ONLY_PENDING' | 'WITHIN_BALANCE' | 'DEBT';
  debtLimit?: bigint;
  risk?: 'ISSUER' | 'OPERATOR' | 'SHARED';
}

/** What the ledger answers to one. */
export interface ModelAnswer {
  outcome: string;
  transferId: string | null;
  balance: bigint | null;
  points: bigint | null;
  available: bigint | null;
  details: Record<string, unknown> | null;
}

/** What is answered to a command that changes nothing. */
export function refused(outcome: string, available: bigint | null = null): ModelAnswer {
  return { outcome, transferId: null, balance: null, points: null, available, details: null };
}

/** The balance is what it is right after the command's own movement, before anything follows from it. */
export function posted(
  account: Account,
  command: ModelCommand,
  more: Partial<ModelAnswer> = {},
): ModelAnswer {
  const { balance } = account;
  return { ...refused('POSTED'), transferId: command.key, balance, ...more };
}
