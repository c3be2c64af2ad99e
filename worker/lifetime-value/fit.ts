import { type Database, rows } from '../../platform/database.ts';
import {
  type Buyer,
  expectedPurchases,
  expectedSpend,
  fitPurchases,
  fitSpend,
} from './purchase-models.ts';

/** Members that are looked at: of more, those whom chance picks. */
const membersMax = 10_000;
/** With fewer, a fit says more about chance than about members. */
const buyersMin = 100;
const repeatersMin = 30;
/** The year to come, in weeks. */
const horizon = 52;

/** What a fit tells of a program. */
export interface LifetimeValue {
  members: number;
  r: number;
  alpha: number;
  a: number;
  b: number;
  logLikelihood: number;
  /** Of a member, in the year to come. */
  expectedPurchases: number;
  /** The same in money; null where what members spend could not be fitted. */
  expectedValue: number | null;
}

/** @returns null for too few, and where no fit was found */
export async function fitLifetimeValue(buyers: readonly Buyer[]): Promise<LifetimeValue | null> {
  const repeaters = buyers.filter(({ repeats }) => repeats > 0).length;
  if (buyers.length < buyersMin || repeaters < repeatersMin) return null;
  const purchases = await fitPurchases(buyers);
  if (!purchases) return null;
  const spend = await fitSpend(buyers);
  let [times, value] = [0, 0];
  for (const buyer of buyers) {
    const expected = expectedPurchases(purchases, buyer, horizon);
    times += expected;
    if (spend) value += expected * expectedSpend(spend, buyer);
  }
  return {
    members: buyers.length,
    ...purchases,
    expectedPurchases: times / buyers.length,
    expectedValue: spend ? value / buyers.length : null,
  };
}

/** What members have bought up to now, in the program's money. */
export function readBuyers(db: Database): Promise<Buyer[]> {
  return rows(db, 'SELECT repeats, recency, age, spend FROM partners.buyers($1)', [membersMax]);
}

/** Whether nothing was fitted today. */
export async function isFitDue(db: Database): Promise<boolean> {
  const [row] = await rows<{ due: boolean }>(db, 'SELECT members.lifetime_value_due() AS due');
  return row!.due;
}

export async function keepLifetimeValue(db: Database, fit: LifetimeValue): Promise<void> {
  await rows(db, 'SELECT members.keep_lifetime_value($1, $2, $3, $4, $5, $6, $7, $8)', [
    fit.members,
    fit.r,
    fit.alpha,
    fit.a,
    fit.b,
    fit.logLikelihood,
    fit.expectedPurchases,
    fit.expectedValue?.toFixed(4) ?? null,
  ]);
}
