import { type Check, checkOf, monthsAreGone } from './check.ts';

/** Each lot beside its uses, and what active holds keep of it. */
const lots = checkOf(
  'lots',
  `SELECT l.member_id, l.currency, l.lot_id::text AS id, l.original, l.remaining, l.held,
          coalesce(used.points, 0) AS used, coalesce(kept.points, 0) AS kept
   FROM ledger.lot l
   LEFT JOIN (
     SELECT member_id, lot_id, sum(points) AS points
     FROM ledger.lot_use GROUP BY member_id, lot_id) AS used USING (member_id, lot_id)
   LEFT JOIN (
     SELECT h.member_id, k.lot_id, sum(k.points) AS points
     FROM ledger.hold h JOIN ledger.hold_lot k USING (member_id, hold_id)
     WHERE h.status = 'ACTIVE'
     GROUP BY h.member_id, k.lot_id) AS kept USING (member_id, lot_id)`,
  [
    {
      name: 'a lot is what it was less its uses',
      broken: 'remaining <> original - used',
      detail: `format('%s remain of %s, %s were used', remaining, original, used)`,
    },
    {
      name: 'a lot keeps what active holds were given',
      broken: 'held <> kept',
      detail: `format('%s are held, active holds were given %s', held, kept)`,
    },
  ],
);

/** Each movement beside what it made of lots and took from them. */
const movements = checkOf(
  'movements',
  `SELECT member_id, max(currency) AS currency, transfer_id::text AS id, count(kind) AS movements,
          coalesce(sum(points), 0) AS points, coalesce(sum(in_lots), 0) AS in_lots,
          count(kind) = 0 AND ${monthsAreGone} AND EXISTS (
            SELECT FROM ledger.opening o WHERE o.member_id = parts.member_id) AS may_be_gone
   FROM (
     SELECT member_id, transfer_id, currency, kind, points, NULL::bigint AS in_lots
     FROM ledger.movement
     UNION ALL
     SELECT member_id, transfer_id, currency, NULL, NULL, original FROM ledger.lot
     UNION ALL
     SELECT member_id, transfer_id, NULL, NULL, NULL, -points FROM ledger.lot_use) AS parts
   GROUP BY member_id, transfer_id
   HAVING count(kind) <> 1 OR sum(points) <> coalesce(sum(in_lots), 0)`,
  [
    {
      name: 'a movement equals its lots',
      broken: 'movements = 1 AND points <> in_lots',
      detail: `format('%s points, its lots gained %s', points, in_lots)`,
    },
    {
      name: 'a movement is there once',
      broken: 'movements > 1',
      detail: `format('it is there %s times', movements)`,
    },
    {
      name: 'lots and their uses have a movement',
      broken: 'movements = 0 AND NOT may_be_gone',
      detail: `format('lots gained %s by a movement that is not there', in_lots)`,
    },
  ],
);

/** Each hold beside its lots and the redemption that it ended in. */
const holds = checkOf(
  'holds',
  `SELECT h.member_id, h.currency, h.hold_id::text AS id, h.points, h.captured, h.status,
          coalesce(given.points, 0) AS given, coalesce(redeemed.movements, 0) AS redemptions,
          coalesce(redeemed.points, 0) AS redeemed,
          h.transfer_id IS DISTINCT FROM redeemed.transfer_id AS is_another,
          h.transfer_id IS NOT NULL AND redeemed.movements IS NULL AND ${monthsAreGone} AS may_be_gone
   FROM ledger.hold h
   LEFT JOIN (
     SELECT member_id, hold_id, sum(points) AS points
     FROM ledger.hold_lot GROUP BY member_id, hold_id) AS given USING (member_id, hold_id)
   LEFT JOIN (
     SELECT member_id, hold_id, count(*) AS movements, -sum(points) AS points,
            (array_agg(transfer_id))[1] AS transfer_id
     FROM ledger.movement WHERE hold_id IS NOT NULL AND kind = 'REDEMPTION'
     GROUP BY member_id, hold_id) AS redeemed USING (member_id, hold_id)`,
  [
    {
      name: 'a hold is given its points in lots',
      broken: 'points <> given',
      detail: `format('%s points, its lots gave %s', points, given)`,
    },
    {
      name: 'a capture is one redemption',
      broken: `NOT may_be_gone AND (redeemed <> captured OR is_another
                 OR redemptions <> CASE WHEN captured > 0 THEN 1 ELSE 0 END)`,
      detail: `format('%s: %s captured, %s redeemed in %s movements',
                      status, captured, redeemed, redemptions)`,
    },
  ],
);

export const lotChecks: readonly Check[] = [lots, movements, holds];
