import { z } from 'zod';
import { hashOf } from '../../../platform/idempotency.ts';
import { key, parseInput } from '../../../platform/input.ts';
import { memberRef } from '../../../platform/members.ts';
import { type Viewer, requirePartner } from '../../../platform/viewer.ts';
import { amountOfMoney, faultsInAmounts } from './amounts.ts';
import { activityKinds, faultsOfKind, particularsInput, particularsOf } from './particulars.ts';
import type { Particulars } from './rows.ts';

const item = z.object({
  line: key.nullish(),
  sku: key,
  productType: key.nullish(),
  category: key.nullish(),
  brand: key.nullish(),
  quantity: z.int().min(1, 'must be 1 or more').max(1_000_000, 'must be 1,000,000 or less'),
  amount: amountOfMoney,
});

// In this order, and grown at its end: what was recorded is told from other input by its hash.
const fields = z.object({
  member: memberRef,
  kind: z.enum(activityKinds),
  reference: key,
  occurredAt: z.date(),
  amount: amountOfMoney.nullish(),
  tax: amountOfMoney.nullish(),
  shipping: amountOfMoney.nullish(),
  discount: amountOfMoney.nullish(),
  pointsPaid: amountOfMoney.nullish(),
  items: z.array(item).max(200, 'holds 200 items at most').nullish(),
  ...particularsInput,
});

const activity = fields
  // A transform, and no refinement: those are asked of what is no amount, too.
  .transform((given, context) => {
    for (const { message, path } of [...faultsOfKind(given), ...faultsInAmounts(given)]) {
      context.addIssue({ code: 'custom', message, path });
    }
    return given;
  });

export type RecordActivity = z.input<typeof activity>;

/** Who reports, and what it may beyond a till. */
export interface Reporter {
  partnerId: string;
  sandbox: boolean;
  /** May date back beyond the contract's window: an import that an administrator runs. */
  backdates?: boolean;
  /** Makes provisional members of the partner's accounts that are unknown. */
  enrols?: boolean;
  /** Grants a claim by it, which it answers alone: no other one. */
  grantsClaim?: boolean;
}

/** What a partner says that a member did, checked. */
export interface Report extends z.output<typeof activity> {
  /** What is particular to its kind, with what follows from it. */
  particulars: Particulars | null;
  reporter: Reporter;
  /** To tell a repetition from another activity. */
  inputHash: string;
}

/** @throws Refusal INVALID */
export function readReport(input: RecordActivity, reporter: Reporter): Report {
  const reported = parseInput(activity, input);
  return {
    ...reported,
    // What the rooms cost was paid, whatever else was.
    amount: reported.amount ?? reported.stay?.roomRevenue ?? null,
    particulars: particularsOf(reported),
    reporter,
    // As it was reported: what follows from it may be known better one day.
    inputHash: hashOf(reported),
  };
}

/** The partner that reports, as its token says. */
export function reporterOf(viewer: Viewer): Reporter {
  return { partnerId: requirePartner(viewer), sandbox: viewer.sandbox };
}
