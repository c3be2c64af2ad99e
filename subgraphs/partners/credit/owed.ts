/** What partners owe, and what they have issued, read from the books. */
import { Big } from 'big.js';
import { type Database, rows } from '../../../platform/database.ts';

/** An amount of a partner in a currency. */
export interface Owed {
  partnerId: string;
  currency: string;
  amount: Big;
  /** What was ever redeemed, at the rates of the days, which is taken off already. */
  redeemed: Big;
}

/** By days, with the contracts of the partners $1 that say what a point is worth on each. */
const redeemedAtRates = `members.redeemed_with($1) r
       JOIN partners.contract c ON c.partner_id = r.partner_id AND c.valid_from <= r.day
         AND (c.valid_to IS NULL OR r.day <= c.valid_to)`;

/**
 * What partners owe in each currency of their contracts: what of the months that are closed is not paid, and
 * since then points issued at their prices with fees, less what was refunded of them, not confirmed in time, and
 * redeemed. Blocks were paid for when they were sold.
 *
 * @param except activities that are not to count
 */
export async function owedBy(
  db: Database,
  partnerIds: readonly string[],
  except: readonly string[] = [],
): Promise<Owed[]> {
  const found = await rows<{
    partnerId: string;
    currency: string;
    amount: string;
    redeemed: string;
  }>(
    db,
    `WITH open AS (
       SELECT coalesce(max(ends_at), '-infinity') AS at,
              coalesce((max(month) + interval '1 month')::date, '-infinity') AS day
       FROM partners.settlement_month
     ), part AS (
       SELECT s.partner_id, s.currency, t.amount, 0 AS redeemed
       FROM partners.settlement_statement s JOIN partners.settlement_sum t ON t.statement_id = s.id
       WHERE s.partner_id = ANY ($1::uuid[]) AND s.status <> 'PAID'
       UNION ALL
       SELECT c.partner_id, c.currency, a.points * a.issue_price * (1 + c.fee_rate), 0
       FROM open JOIN partners.activity a ON a.posted_at >= open.at
       JOIN partners.contract c ON c.partner_id = a.partner_id AND c.version = a.contract_version
       WHERE a.partner_id = ANY ($1::uuid[]) AND NOT a.sandbox AND c.billing = 'POSTPAID'
         AND a.id <> ALL ($2::uuid[])
       UNION ALL
       SELECT c.partner_id, c.currency, -p.points * a.issue_price * (1 + c.fee_rate), 0
       FROM open JOIN partners.refund r ON r.posted_at >= open.at
       JOIN partners.refund_part p ON p.refund_id = r.id
       JOIN partners.activity a ON a.id = p.activity_id
       JOIN partners.contract c ON c.partner_id = a.partner_id AND c.version = a.contract_version
       WHERE r.partner_id = ANY ($1::uuid[]) AND NOT r.sandbox AND c.billing = 'POSTPAID'
       UNION ALL
       SELECT c.partner_id, c.currency, -a.lapsed_points * a.issue_price * (1 + c.fee_rate), 0
       FROM open JOIN partners.activity a ON a.lapsed_at >= open.at AND a.lapsed_points > 0
       JOIN partners.contract c ON c.partner_id = a.partner_id AND c.version = a.contract_version
       WHERE a.partner_id = ANY ($1::uuid[]) AND NOT a.sandbox AND c.billing = 'POSTPAID'
       UNION ALL
       SELECT c.partner_id, c.currency,
              CASE WHEN r.day >= open.day THEN -r.points * c.redemption_rate ELSE 0 END,
              r.points * c.redemption_rate
       FROM open CROSS JOIN ${redeemedAtRates}
     )
     SELECT partner_id AS "partnerId", currency, sum(amount) AS amount, sum(redeemed) AS redeemed
     FROM part GROUP BY partner_id, currency`,
    [partnerIds, except],
  );
  return found.map(({ amount, redeemed, ...whose }) => ({
    ...whose,
    amount: new Big(amount),
    redeemed: new Big(redeemed),
  }));
}

/** What was ever redeemed with partners and not given back, in each currency of their contracts. */
export async function redeemedBy(
  db: Database,
  partnerIds: readonly string[],
): Promise<Pick<Owed, 'partnerId' | 'currency' | 'redeemed'>[]> {
  const found = await rows<{ partnerId: string; currency: string; redeemed: string }>(
    db,
    `SELECT c.partner_id AS "partnerId", c.currency, sum(r.points * c.redemption_rate) AS redeemed
     FROM ${redeemedAtRates} GROUP BY c.partner_id, c.currency`,
    [partnerIds],
  );
  return found.map(({ redeemed, ...whose }) => ({ ...whose, redeemed: new Big(redeemed) }));
}

/** Points that partners have issued since an instant, by the instant of posting. */
export async function issuedSince(
  db: Database,
  partnerIds: readonly string[],
  { since, except }: { since: Date; except: readonly string[] },
): Promise<Map<string, bigint>> {
  const found = await rows<{ partnerId: string; points: bigint }>(
    db,
    `SELECT partner_id AS "partnerId", sum(points)::bigint AS points FROM partners.activity
     WHERE partner_id = ANY ($1::uuid[]) AND NOT sandbox AND posted_at >= $2
       AND id <> ALL ($3::uuid[])
     GROUP BY 1`,
    [partnerIds, since, except],
  );
  return new Map(found.map(({ partnerId, points }) => [partnerId, points]));
}
