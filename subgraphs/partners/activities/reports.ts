import { Big } from 'big.js';
import { z } from 'zod';
import { hashOf } from '../../../platform/idempotency.ts';
import { key, money, parseInput } from '../../../platform/input.ts';
import { memberRef } from '../../../platform/members.ts';
import { type Viewer, requirePartner } from '../../../platform/viewer.ts';

/** What can be recorded yet. */
export const recordedKinds = ['PURCHASE'] as const;

const purchase = z.object({
  member: memberRef,
  kind: z.enum(recordedKinds),
  reference: key,
  occurredAt: z.date(),
  amount: money.nullish().transform((amount, context) => {
    // Without the zeros that say nothing, which PostgreSQL would keep in part: the first answer is
    // the repeated one too.
    if (amount) return { ...amount, amount: new Big(amount.amount).toFixed() };
    context.addIssue({ code: 'custom', message: 'is needed for a purchase' });
    return z.NEVER;
  }),
});

export type RecordActivity = z.input<typeof purchase>;

/** Who reports, and what it may beyond a till. */
export interface Reporter {
  partnerId: string;
  sandbox: boolean;
  /** May date back beyond the contract's window: an import that an administrator runs. */
  backdates?: boolean;
  /** Makes provisional members of the partner's accounts that are unknown. */
  enrols?: boolean;
}

/** What a partner says that a member did, checked. */
export interface Report extends z.output<typeof purchase> {
  reporter: Reporter;
  /** To tell a repetition from another activity. */
  inputHash: string;
}

/** @throws Refusal INVALID */
export function readReport(input: RecordActivity, reporter: Reporter): Report {
  const reported = parseInput(purchase, input);
  return { ...reported, reporter, inputHash: hashOf(reported) };
}

/** The partner that reports, as its token says. */
export function reporterOf(viewer: Viewer): Reporter {
  return { partnerId: requirePartner(viewer), sandbox: viewer.sandbox };
}
