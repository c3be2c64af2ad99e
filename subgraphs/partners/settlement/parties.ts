import { minorDigitsOf } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { idFrom } from '../../../platform/derived-ids.ts';

/**
 * Who is settled with, and in which currency: a partner for each currency of its contracts, and of those of
 * brands of whose campaigns it bears a share.
 */
export interface Party {
  partnerId: string;
  currency: string;
}

/** Whether others than its brand bear a share of an offer. The first two conditions are those of an index. */
export const isJoint = (offer: string) =>
  `${offer}.published_at IS NOT NULL AND ${offer}.funding <> '[]' AND EXISTS (
     SELECT FROM jsonb_to_recordset(${offer}.funding) AS other ("partnerId" uuid)
     WHERE other."partnerId" IS DISTINCT FROM ${offer}.partner_id)`;

/**
 * SQL: who bears a share of a campaign, and from when on, in each currency in which its brand settles: that
 * in which its points are paid for.
 */
export const backers = `
  SELECT share."partnerId" AS partner_id, k.currency, o.starts_at
  FROM partners.offer o
  JOIN partners.contract k ON k.partner_id = o.partner_id
  CROSS JOIN LATERAL jsonb_to_recordset(o.funding) AS share ("partnerId" uuid)
  WHERE ${isJoint('o')} AND share."partnerId" IS NOT NULL`;

/** The parties among these partners; of all partners where left out. */
export function partiesOf(db: Database, partnerIds?: readonly string[]): Promise<Party[]> {
  return rows(
    db,
    `SELECT DISTINCT partner_id AS "partnerId", currency
     FROM (SELECT partner_id, currency FROM partners.contract
           UNION ALL SELECT partner_id, currency FROM (${backers}) b) party
     WHERE $1::uuid[] IS NULL OR partner_id = ANY ($1)`,
    [partnerIds ?? null],
  );
}

/** These parties, and those of whose campaigns they bear a share: what they pay follows from what these issue. */
export async function withBacked(db: Database, parties: readonly Party[]): Promise<Party[]> {
  const backed = await rows<Party>(
    db,
    `SELECT DISTINCT k.partner_id AS "partnerId", k.currency
     FROM partners.offer o
     JOIN partners.contract k ON k.partner_id = o.partner_id AND k.currency = ANY ($2::text[])
     WHERE ${isJoint('o')} AND EXISTS (
       SELECT FROM jsonb_to_recordset(o.funding) AS share ("partnerId" uuid)
       WHERE share."partnerId" = ANY ($1::uuid[]))`,
    [parties.map(({ partnerId }) => partnerId), parties.map(({ currency }) => currency)],
  );
  const isThere = (party: Party) =>
    parties.some((each) => each.partnerId === party.partnerId && each.currency === party.currency);
  return [...parties, ...backed.filter((party) => !isThere(party))];
}

/** The id of a party's statement of a month: known before there is one, so that a preview has it. */
export function statementIdOf({ partnerId, currency }: Party, month: string): string {
  return idFrom(`${partnerId} ${currency} ${month}`);
}

/** To how many decimals sums are rounded. What has no smallest unit is settled to six. */
export function digitsOf(currency: string): number {
  return minorDigitsOf(currency) ?? 6;
}
