import { Temporal } from 'temporal-polyfill';

/**
 * An account of the ledger once more, small and in memory: lots, holds, a debt, and what happens to
 * them by itself. Instants are milliseconds; Infinity is never, and "not before an action".
 */
export interface Account {
  member: string;
  policy: Policy;
  balance: bigint;
  debt: bigint;
  lots: Lot[];
  holds: Map<string, Hold>;
  /** What was given to the member, and what the member spent, by key: to be undone. */
  given: Map<string, Moved>;
  spent: Map<string, Moved>;
  activeAt: number;
  settledAt: number;
  /** By kind and counter account: the points that moved, and the debt. */
  totals: Map<string, { points: bigint; debt: bigint }>;
  /** The id of a lot that the ledger itself made: it goes on from another, with so many points. */
  idOf(origin: string, points: bigint): string;
}

export interface Policy {
  expiry: 'NEVER' | 'LOT_AGE' | 'INACTIVITY';
  months: number;
  restore: 'WITH_GRACE' | 'EXPIRED' | 'NEW_LOT';
  restoreGraceDays: number;
  holdGraceDays: number;
  timeZone: string;
}

export interface Lot {
  id: string;
  issuer: string | null;
  activatesAt: number;
  cancelsAt: number;
  expiresAt: number;
  byPolicy: boolean;
  remaining: bigint;
  held: bigint;
  /** What has expired of it and did not go on in another lot. */
  lost: bigint;
  origin: Lot | null;
}

/** Points of one lot. */
export interface Part {
  lot: Lot;
  points: bigint;
}

export interface Hold {
  partner: string;
  points: bigint;
  endsAt: number;
  status: 'ACTIVE' | 'CAPTURED' | 'PARTIALLY_CAPTURED' | 'RELEASED' | 'EXPIRED';
  parts: Part[];
}

interface Moved {
  counter: string;
  points: bigint;
  undone: bigint;
  parts: Part[];
}

const breakage = 'OPERATOR_BREAKAGE';

export const least = (a: bigint, b: bigint) => (a < b ? a : b);
export const sum = (parts: readonly Part[]) => parts.reduce((all, { points }) => all + points, 0n);
const free = (lot: Lot) => lot.remaining - lot.held;
export const freeParts = (lots: readonly Lot[]) => lots.map((lot) => ({ lot, points: free(lot) }));

const midnights = new Map<string, number>();

/** Midnight, so many months and days after the day of an instant. It is asked for over and over. */
export function midnight({ timeZone }: Policy, from: number, months: number, days: number): number {
  const name = `${timeZone} ${from} ${months} ${days}`;
  if (!midnights.has(name)) {
    const day = Temporal.Instant.fromEpochMilliseconds(from)
      .toZonedDateTimeISO(timeZone)
      .toPlainDate();
    const later = day.add({ months }).add({ days });
    midnights.set(name, later.toZonedDateTime(timeZone).epochMilliseconds);
  }
  return midnights.get(name)!;
}

/** When points end that can first be spent at an instant. */
export function endByPolicy(policy: Policy, from: number): number {
  const ages = policy.expiry === 'LOT_AGE' && from < Infinity;
  return ages ? midnight(policy, from, policy.months, 1) : Infinity;
}

/** When a lot's points end: on a day of their own, or for want of activity. */
export function endOf({ policy, activeAt }: Account, lot: Lot): number {
  if (policy.expiry !== 'INACTIVITY' || lot.activatesAt === Infinity) return lot.expiresAt;
  const from = Math.max(lot.activatesAt, activeAt);
  return Math.min(lot.expiresAt, midnight(policy, from, policy.months, 1));
}

/** Soonest expiry first, then those active longest. */
export function bySpending(a: Lot, b: Lot): number {
  if (a.expiresAt !== b.expiresAt) return a.expiresAt < b.expiresAt ? -1 : 1;
  if (a.activatesAt !== b.activatesAt) return a.activatesAt < b.activatesAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** Lots that can be spent, in the order of spending. */
export function spendable(account: Account, at: number): Lot[] {
  return account.lots
    .filter((lot) => free(lot) > 0n && lot.activatesAt <= at && endOf(account, lot) > at)
    .toSorted(bySpending);
}

export function availableOf(account: Account, at: number): bigint {
  const points = sum(freeParts(spendable(account, at))) - account.debt;
  return points > 0n ? points : 0n;
}

/** What each lot gives of so many points, the first lots first. */
export function share(parts: readonly Part[], points: bigint): Part[] {
  let rest = points;
  return parts.flatMap(({ lot, points: most }) => {
    const part = least(most, rest);
    rest -= part;
    return part > 0n ? [{ lot, points: part }] : [];
  });
}

export function take(parts: readonly Part[]): void {
  for (const { lot, points } of parts) lot.remaining -= points;
}

export function move(
  account: Account,
  kind: string,
  counter: string,
  points: bigint,
  debt = 0n,
): void {
  account.balance += points;
  account.debt += debt;
  const name = `${kind} ${counter}`;
  const total = account.totals.get(name) ?? { points: 0n, debt: 0n };
  account.totals.set(name, { points: total.points + points, debt: total.debt + debt });
}

/** A debt is paid from whatever can be spent. */
export function repay(account: Account, at: number): void {
  const lots = freeParts(spendable(account, at));
  const points = least(sum(lots), account.debt);
  if (points === 0n) return;
  take(share(lots, points));
  move(account, 'REPAYMENT', '', -points, -points);
}

/** Points of lots that have ended are lost, or go on in lots of their own until some later instant. */
export function end(
  account: Account,
  parts: readonly Part[],
  at: number,
  until: number | null,
): void {
  const points = sum(parts);
  if (points === 0n) return;
  take(parts);
  move(account, 'EXPIRY', breakage, -points);
  if (until === null) {
    for (const part of parts) part.lot.lost += part.points;
    return;
  }
  move(account, 'REINSTATEMENT', breakage, points);
  for (const { lot, points: remaining } of parts) {
    const id = account.idOf(lot.id, remaining);
    const dates = { activatesAt: at, expiresAt: until };
    account.lots.push({ ...lot, id, ...dates, remaining, held: 0n, lost: 0n, origin: lot });
  }
}

/** Ends a hold, of which some points are taken, soonest expiry first. @returns those */
export function endHold(hold: Hold, status: Hold['status'], captured: bigint): Part[] {
  hold.status = status;
  for (const { lot, points } of hold.parts) lot.held -= points;
  const taken = share(hold.parts, captured);
  take(taken);
  hold.parts = hold.parts.flatMap(({ lot, points }) => {
    const rest = points - (taken.find((part) => part.lot === lot)?.points ?? 0n);
    return rest > 0n ? [{ lot, points: rest }] : [];
  });
  return taken;
}

/** What follows where a hold has given points free. */
export function release(account: Account, { parts }: Hold, at: number): void {
  const days = account.policy.holdGraceDays;
  const ended = parts.filter(({ lot }) => endOf(account, lot) <= at);
  end(account, ended, at, days > 0 ? midnight(account.policy, at, 0, days + 1) : null);
  repay(account, at);
}

/** Lets happen what is due by itself, one instant after the other, however late one looks. */
export function settle(account: Account, at: number): void {
  for (;;) {
    // Each gives its points free for a debt, by itself: of those that end together, by their ids.
    const holds = [...account.holds]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, hold]) => (hold.status === 'ACTIVE' ? [hold] : []));
    const waiting = account.lots.filter(
      ({ activatesAt, remaining }) => activatesAt === Infinity && remaining > 0n,
    );
    const open = account.lots.filter((lot) => free(lot) > 0n);
    const due = Math.min(
      ...holds.map(({ endsAt }) => endsAt),
      ...waiting.map(({ cancelsAt }) => cancelsAt),
      ...open.map((lot) => endOf(account, lot)),
      ...open.map(({ activatesAt }) => activatesAt).filter((then) => then > account.settledAt),
    );
    if (due === Infinity || due > at) break;
    settleAt(account, due, holds, waiting);
    account.settledAt = Math.max(account.settledAt, due);
  }
  account.settledAt = Math.max(account.settledAt, at);
}

function settleAt(account: Account, at: number, holds: readonly Hold[], waiting: readonly Lot[]) {
  const ended = account.lots.filter((lot) => endOf(account, lot) <= at);
  end(
    account,
    freeParts(ended).filter(({ points }) => points > 0n),
    at,
    null,
  );
  for (const hold of holds.filter(({ endsAt }) => endsAt <= at)) {
    endHold(hold, 'EXPIRED', 0n);
    release(account, hold, at);
  }
  for (const lot of waiting.filter(
    ({ cancelsAt, remaining }) => cancelsAt <= at && remaining > 0n,
  )) {
    const given = account.given.get(lot.id)!;
    given.undone += lot.remaining;
    move(account, 'REVERSAL', given.counter, -lot.remaining);
    lot.remaining = 0n;
  }
  repay(account, at);
}
