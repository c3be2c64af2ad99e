/** What members knows of partners, by the functions that partners publishes. */
import { type Database, rows } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Asking } from '../../platform/members.ts';
import { readRows } from '../../platform/reads.ts';

/** A partner's status; null where there is none. */
export async function statusOf(db: Database, partnerId: string): Promise<string | null> {
  const [partner] = await rows<{ status: string }>(
    db,
    'SELECT status FROM partners.snapshot(ARRAY[$1::uuid])',
    [partnerId],
  );
  return partner?.status ?? null;
}

/**
 * Lets a partner act that takes part: LIVE, for its test clients at least in the SANDBOX.
 *
 * @throws Refusal PARTNER_INACTIVE
 */
export function requireTakingPart(status: string | null, { sandbox }: Asking): void {
  if (status === 'LIVE' || (sandbox && status === 'SANDBOX')) return;
  throw new Refusal('PARTNER_INACTIVE', 'This partner takes no part now.');
}

/**
 * Lets points go to a program and come from it: not once its partner is suspended, or has left.
 *
 * @param path what of the input names the rate
 * @throws Refusal PARTNER_INACTIVE, with the partner's id
 */
export async function requireGoingOn(
  db: Database,
  partnerId: string,
  path: string[],
): Promise<void> {
  const status = await statusOf(db, partnerId);
  if (status !== 'SUSPENDED' && status !== 'TERMINATED') return;
  const message = 'The partner of this rate takes no part now.';
  throw new Refusal('PARTNER_INACTIVE', message, path, { subject: partnerId });
}

/** What a point is worth: whole units of a currency, an exact decimal above 0. */
export interface Rate {
  currency: string;
  rate: string;
}

/** How a partner redeems points on the day of an instant. */
export interface RedemptionTerms {
  name: string;
  status: string;
  /** Null where no contract is valid that day, or it lets no points be redeemed. */
  rate: Rate | null;
}

/** The terms of a partner that exists: it asks for itself, or has placed a hold. */
export async function redemptionTermsOf(
  db: Database,
  partnerId: string,
  at: Date,
): Promise<RedemptionTerms> {
  const [terms] = await rows<{
    name: string;
    status: string;
    currency: string | null;
    rate: string | null;
  }>(db, 'SELECT name, status, currency, rate FROM partners.redemption_terms($1, $2)', [
    partnerId,
    at,
  ]);
  if (!terms) throw new Error(`There is no partner ${partnerId}.`);
  const { name, status, currency, rate } = terms;
  return { name, status, rate: currency && rate ? { currency, rate } : null };
}

/**
 * The lowest rate at which a LIVE partner redeems points on the day of an instant, in the program's
 * money; null where none does.
 */
export async function lowestRate(db: Database, at: Date): Promise<Rate | null> {
  const [lowest] = await readRows<Rate>(
    db,
    'SELECT currency, rate FROM partners.lowest_redemption_rate($1)',
    [at],
  );
  return lowest ?? null;
}
