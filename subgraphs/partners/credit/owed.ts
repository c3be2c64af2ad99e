/** What partners owe, and what they have issued, read from the books. */
import { Big } from 'big.js';
import { type Database, rows } from '../../../platform/database.ts';

/** An amount of a partner in a currency. */
export interface Owed {
  partnerId: string;
  currency: string;
  amount: Big;
}

/**
 * What partners owe in each currency of their contracts: points issued at their prices, with fees, less what
 * was redeemed with them. Blocks were paid for when they were sold.
 *
 * @param except activities that are not to count
 */
export async function owedBy(
  db: Database,
  partnerIds: readonly string[],
  except: readonly string[] = [],
): Promise<Owed[]> {
  const found = await rows<{ partnerId: string; currency: string; amount: string }>(
    db,
    `WITH charged AS (
       SELECT c.partner_id, c.currency,
              sum(a.points * a.issue_price * (1 + c.fee_rate)) AS amount
       FROM partners.activity a
       JOIN partners.contract c ON c.partner_id = a.partner_id AND c.version = a.contract_version
       WHERE a.partner_id = ANY ($1::uuid[]) AND NOT a.sandbox AND c.billing = 'POSTPAID'
         AND a.id <> ALL ($2::uuid[])
       GROUP BY 1, 2
     ), reimbursed AS (
       SELECT c.partner_id, c.currency, sum(r.points * c.redemption_rate) AS amount
       FROM members.redeemed_with($1) r
       JOIN partners.contract c ON c.partner_id = r.partner_id AND c.valid_from <= r.day
         AND (c.valid_to IS NULL OR r.day <= c.valid_to)
       GROUP BY 1, 2
     )
     SELECT partner_id AS "partnerId", currency,
            coalesce(charged.amount, 0) - coalesce(reimbursed.amount, 0) AS amount
     FROM charged FULL JOIN reimbursed USING (partner_id, currency)`,
    [partnerIds, except],
  );
  return found.map(({ amount, ...whose }) => ({ ...whose, amount: new Big(amount) }));
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
