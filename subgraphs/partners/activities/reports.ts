import { Big } from 'big.js';
import { z } from 'zod';
import { hashOf } from '../../../platform/idempotency.ts';
import { key, money, parseInput } from '../../../platform/input.ts';
import { memberRef } from '../../../platform/members.ts';
import { type Viewer, requirePartner } from '../../../platform/viewer.ts';

/** What can be recorded yet. */
export const recordedKinds = ['PURCHASE'] as const;

/** Without the zeros that say nothing, which PostgreSQL would keep in part: a repeated answer is the first one. */
const amountOfMoney = money.transform(({ amount, currency }) => ({
  amount: new Big(amount).toFixed(),
  currency,
}));

const item = z.object({
  line: key.nullish(),
  sku: key,
  productType: key.nullish(),
  category: key.nullish(),
  brand: key.nullish(),
  quantity: z.int().min(1, 'must be 1 or more').max(1_000_000, 'must be 1,000,000 or less'),
  amount: amountOfMoney,
});

const purchase = z
  .object({
    member: memberRef,
    kind: z.enum(recordedKinds),
    reference: key,
    occurredAt: z.date(),
    amount: amountOfMoney.nullish().transform((amount, context) => {
      if (amount) return amount;
      context.addIssue({ code: 'custom', message: 'is needed for a purchase' });
      return z.NEVER;
    }),
    tax: amountOfMoney.nullish(),
    shipping: amountOfMoney.nullish(),
    discount: amountOfMoney.nullish(),
    pointsPaid: amountOfMoney.nullish(),
    items: z.array(item).max(200, 'holds 200 items at most').nullish(),
  })
  // A transform, and no refinement: those are asked of what is no amount, too.
  .transform((report, context) => {
    for (const { message, path } of faultsIn(report)) {
      context.addIssue({ code: 'custom', message, path });
    }
    return report;
  });

interface Amounts {
  amount: Money;
  tax?: Money | null | undefined;
  shipping?: Money | null | undefined;
  discount?: Money | null | undefined;
  pointsPaid?: Money | null | undefined;
  items?: { line?: string | null | undefined; amount: Money }[] | null | undefined;
}
interface Money {
  amount: string;
  currency: string;
}

/** What does not fit: parts are in the currency of the whole, and not more than it. */
function faultsIn({
  amount,
  items,
  ...parts
}: Amounts): { message: string; path: (string | number)[] }[] {
  const faults: { message: string; path: (string | number)[] }[] = [];
  const given = [
    ...partNames.map((name) => ({ path: [name], money: parts[name] })),
    ...(items ?? []).map((each, place) => ({
      path: ['items', place, 'amount'],
      money: each.amount,
    })),
  ];
  for (const { path, money: part } of given) {
    if (part && part.currency !== amount.currency) {
      faults.push({
        message: `is in ${amount.currency}, as the amount is`,
        path: [...path, 'currency'],
      });
    }
  }
  const of = (part: Money | null | undefined) => new Big(part?.amount ?? 0);
  for (const name of ['tax', 'shipping', 'pointsPaid'] as const) {
    if (of(parts[name]).gt(amount.amount))
      faults.push({ message: 'is more than the amount', path: [name] });
  }
  const goods = new Big(amount.amount).minus(of(parts.shipping));
  const sum = (items ?? []).reduce((added, each) => added.plus(each.amount.amount), new Big(0));
  if (sum.gt(goods)) {
    faults.push({ message: 'are more than the amount without its shipping', path: ['items'] });
  }
  return [...faults, ...linesTwice(items ?? [])];
}

const partNames = ['tax', 'shipping', 'discount', 'pointsPaid'] as const;

function linesTwice(items: { line?: string | null | undefined }[]) {
  const lines = items.map(({ line }, place) => line ?? String(place + 1));
  return lines.flatMap((line, place) =>
    lines.indexOf(line) < place
      ? [{ message: 'is used twice', path: ['items', place, 'line'] }]
      : [],
  );
}

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
