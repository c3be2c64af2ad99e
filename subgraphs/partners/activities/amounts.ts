import { Big } from 'big.js';
import { money } from '../../../platform/input.ts';

/** Without the zeros that say nothing, which PostgreSQL would keep in part: a repeated answer is the first one. */
export const amountOfMoney = money.transform(({ amount, currency }) => ({
  amount: new Big(amount).toFixed(),
  currency,
}));

/** What is wrong with an input, and where. */
export interface Fault {
  message: string;
  path: (string | number)[];
}

interface Money {
  amount: string;
  currency: string;
}

interface Amounts {
  amount?: Money | null | undefined;
  tax?: Money | null | undefined;
  shipping?: Money | null | undefined;
  discount?: Money | null | undefined;
  pointsPaid?: Money | null | undefined;
  items?: { line?: string | null | undefined; amount: Money }[] | null | undefined;
  stay?: { roomRevenue?: Money | null | undefined } | null | undefined;
}

const partNames = ['tax', 'shipping', 'discount', 'pointsPaid'] as const;

/** What does not fit: parts are in the currency of the whole, and not more than it. */
export function faultsInAmounts(given: Amounts): Fault[] {
  const { items, stay, ...parts } = given;
  // What the rooms cost stands in for an amount that was left out.
  const amount = given.amount ?? stay?.roomRevenue;
  const named: { path: (string | number)[]; money: Money }[] = [
    ...partNames.flatMap((name) => (parts[name] ? [{ path: [name], money: parts[name] }] : [])),
    ...(items ?? []).map((each, place) => ({
      path: ['items', place, 'amount'],
      money: each.amount,
    })),
    ...(stay?.roomRevenue ? [{ path: ['stay', 'roomRevenue'], money: stay.roomRevenue }] : []),
  ];
  if (!amount) {
    return named.slice(0, 1).map(({ path }) => ({
      message: 'needs the amount that it is part of',
      path: path[0] === 'items' ? ['items'] : path,
    }));
  }
  const faults: Fault[] = named
    .filter(({ money: part }) => part.currency !== amount.currency)
    .map(({ path }) => ({
      message: `is in ${amount.currency}, as the amount is`,
      path: [...path, 'currency'],
    }));
  const of = (part: Money | null | undefined) => new Big(part?.amount ?? 0);
  for (const name of ['tax', 'shipping', 'pointsPaid'] as const) {
    if (of(parts[name]).gt(amount.amount))
      faults.push({ message: 'is more than the amount', path: [name] });
  }
  if (of(stay?.roomRevenue).gt(amount.amount)) {
    faults.push({ message: 'is more than the amount', path: ['stay', 'roomRevenue'] });
  }
  const goods = new Big(amount.amount).minus(of(parts.shipping));
  const sum = (items ?? []).reduce((added, each) => added.plus(each.amount.amount), new Big(0));
  if (sum.gt(goods)) {
    faults.push({ message: 'are more than the amount without its shipping', path: ['items'] });
  }
  if (stay?.roomRevenue && items?.length) {
    faults.push({ message: 'are not given together with roomRevenue', path: ['items'] });
  }
  return [...faults, ...linesTwice(items ?? [])];
}

function linesTwice(items: { line?: string | null | undefined }[]): Fault[] {
  const lines = items.map(({ line }, place) => line ?? String(place + 1));
  return lines.flatMap((line, place) =>
    lines.indexOf(line) < place
      ? [{ message: 'is used twice', path: ['items', place, 'line'] }]
      : [],
  );
}
