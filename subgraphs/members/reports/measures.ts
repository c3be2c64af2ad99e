import { Big } from 'big.js';
import { movementOf, rateOf, sharedCurrency } from '../../../ledger/index.ts';
import { addDays, startOfDay } from '../../../platform/calendar.ts';
import { type Database, rows } from '../../../platform/database.ts';
import type { Program } from '../program/entities.ts';
import type { GoalMeasure } from '../types.generated.ts';
import { lastFit } from './lifetime-value.ts';
import { membershipOf } from './membership.ts';
import type { Days } from './periods.ts';
import type { MembershipReport } from './rows.ts';

/** Rates have six decimals. */
const decimals = 6;

/** A rate as it is shown; null of nothing. */
export function shownRate(part: number | bigint, whole: number | bigint): Big | null {
  if (whole <= 0) return null;
  return rateOf(BigInt(part), BigInt(whole)).round(decimals, Big.roundHalfUp);
}

/**
 * What a measure is in a period, for goals that are read together; null where there is nothing to
 * measure. Satisfaction is not measured.
 */
export function measuresOf(db: Database, program: Program) {
  const known = new Map<string, Promise<MembershipReport>>();
  const membership = ({ from, to }: Days) => {
    const key = `${from} ${to}`;
    const { timeZone } = program;
    const report =
      known.get(key) ?? membershipOf(db, { from, to }, { timeZone, currency: sharedCurrency });
    known.set(key, report);
    return report;
  };
  return async (measure: GoalMeasure, days: Days): Promise<Big | null> => {
    switch (measure) {
      case 'CHURN': {
        const { lapsed, activeAtStart } = await membership(days);
        return shownRate(lapsed, activeAtStart);
      }
      case 'RETENTION': {
        const { lapsed, activeAtStart } = await membership(days);
        return shownRate(activeAtStart - lapsed, activeAtStart);
      }
      case 'ENGAGEMENT':
        return shownRate(await authorsIn(db, program, days), (await membership(days)).members);
      case 'AVERAGE_ORDER_VALUE':
        return averageOrder(db, program, days);
      case 'REDEMPTION_RATE': {
        const { redeemed, issued } = await movementOf(db, days);
        return shownRate(redeemed, issued);
      }
      case 'LIFETIME_VALUE': {
        const value = (await lastFit(db))?.expectedValue;
        return value ? new Big(value) : null;
      }
      case 'REFERRALS':
        return new Big(await broughtIn(db, program, days));
      case 'SATISFACTION':
        return null;
    }
  };
}

/** How many members wrote a post or a review. */
async function authorsIn(db: Database, program: Program, days: Days): Promise<number> {
  const [row] = await rows<{ authors: number }>(
    db,
    'SELECT community.count_authors($1, $2) AS authors',
    instantsOf(program, days),
  );
  return row!.authors;
}

/** How many became members whom others brought. */
async function broughtIn(db: Database, program: Program, days: Days): Promise<number> {
  const [row] = await rows<{ joined: number }>(
    db,
    `SELECT count(*)::integer AS joined FROM members.referral
     WHERE joined_at >= $1 AND joined_at < $2 AND status <> 'REFUSED'`,
    instantsOf(program, days),
  );
  return row!.joined;
}

/** What a purchase comes to on average, of those that were paid in the program's currency. */
async function averageOrder(db: Database, program: Program, days: Days): Promise<Big | null> {
  const [row] = await rows<{ purchases: bigint; amount: string }>(
    db,
    'SELECT purchases, amount::text AS amount FROM partners.purchases_between($1, $2, $3)',
    [...instantsOf(program, days), program.moneyCurrency],
  );
  const { purchases, amount } = row!;
  if (purchases === 0n) return null;
  return new Big(amount).div(purchases.toString()).round(decimals, Big.roundHalfUp);
}

/** From the first instant of a period to the first one after it. */
function instantsOf({ timeZone }: Program, { from, to }: Days): [Date, Date] {
  return [startOfDay(from, timeZone), startOfDay(addDays(to, 1), timeZone)];
}
