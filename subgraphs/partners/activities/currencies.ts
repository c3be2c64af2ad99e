/** Where the points of an activity are: shared ones, and those of its partner's own currency. */
import { sharedCurrency, sharedCurrencyIn } from '../../../ledger/index.ts';
import { idFrom } from '../../../platform/derived-ids.ts';
import type { Activity } from './entities.ts';

/** Points of one currency, as the ledger has them. */
interface LedgerPoints {
  currency: string;
  points: bigint;
  /** Of the movement, and of the accrual that it is or is about. */
  key: string;
  accrualId: string;
  /** Whether the currency is the partner's own. */
  isOwn: boolean;
}

/**
 * What is to be moved in the ledger for an activity: at most one movement for each currency, and none of
 * nothing. The sandbox has an account of shared points alone.
 *
 * @param key of the movement of shared points
 */
export function inLedger(
  activity: Pick<Activity, 'id' | 'sandbox' | 'ownCurrency'>,
  { points, ownPoints }: Pick<Activity, 'points' | 'ownPoints'>,
  key: string,
): LedgerPoints[] {
  const { id, sandbox, ownCurrency } = activity;
  const shared = {
    currency: sharedCurrencyIn(activity),
    points,
    key,
    accrualId: id,
    isOwn: false,
  };
  const own =
    ownCurrency === null || sandbox
      ? []
      : [
          {
            currency: ownCurrency,
            points: ownPoints,
            key: ownKeyOf(key),
            accrualId: ownKeyOf(id),
            isOwn: true,
          },
        ];
  return [shared, ...own].filter((each) => each.points > 0n);
}

/** What an activity earned, by currency: the shared one first, and none of which it earned nothing. */
export function awardedIn({
  points,
  own,
}: {
  points: bigint;
  own: { currency: string; points: bigint } | null;
}): { currency: string; points: bigint }[] {
  const all = [{ currency: sharedCurrency, points }, ...(own ? [own] : [])];
  return all
    .filter((each) => each.points > 0n)
    .map(({ currency, points: count }) => ({ currency, points: count }));
}

/** A member's keys are used once, whatever the currency: the other movement has one that follows from it. */
function ownKeyOf(key: string): string {
  return idFrom(`${key} own`);
}
