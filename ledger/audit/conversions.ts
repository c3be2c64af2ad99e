import { type Check, checkOf, mayBeGone } from './check.ts';

/** Each conversion beside the movements that debited it, gave it back and credited it. */
const conversions = checkOf(
  'conversions',
  `SELECT c.member_id, c.from_currency AS currency, c.conversion_id::text AS id, c.status, c.moved,
          c.to_currency, c.transfer_id IS NOT NULL AS is_credited,
          CASE WHEN c.transfer_id IS NOT NULL THEN c.credited END AS credited,
          CASE WHEN debit.kind = 'CONVERSION' AND debit.currency = c.from_currency
            THEN -debit.points END AS debited,
          CASE WHEN credit.kind = 'CONVERSION' AND credit.currency = c.to_currency
            THEN credit.points END AS arrived,
          coalesce(back.points, 0) AS back,
          debit.transfer_id IS NULL AND ${mayBeGone('c')} AS debit_may_be_gone,
          credit.transfer_id IS NULL AND ${mayBeGone('c')} AS credit_may_be_gone,
          back.points IS NULL AND ${mayBeGone('c')} AS back_may_be_gone
   FROM ledger.conversion c
   LEFT JOIN ledger.movement debit
     ON debit.member_id = c.member_id AND debit.transfer_id = c.conversion_id
   LEFT JOIN ledger.movement credit
     ON credit.member_id = c.member_id AND credit.transfer_id = c.transfer_id
   LEFT JOIN (
     SELECT member_id, reverses, sum(points - debt) AS points
     FROM ledger.movement WHERE reverses IS NOT NULL
     GROUP BY member_id, reverses) AS back
     ON back.member_id = c.member_id AND back.reverses = c.conversion_id`,
  [
    {
      name: 'a conversion is debited once, and whole',
      broken: 'debited IS DISTINCT FROM moved AND NOT debit_may_be_gone',
      detail: `format('%s points moved, its debit is %s', moved, coalesce(debited::text, 'none'))`,
    },
    {
      name: 'a conversion is given back whole where it was reversed',
      broken: `back <> CASE WHEN status = 'REVERSED' THEN moved ELSE 0 END
                 AND NOT (status = 'REVERSED' AND back_may_be_gone)`,
      detail: `format('%s: %s points moved, %s given back', status, moved, back)`,
    },
    {
      name: 'a conversion is credited where it was confirmed',
      broken: `is_credited AND status <> 'POSTED'
                 OR arrived IS DISTINCT FROM credited AND NOT credit_may_be_gone`,
      detail: `format('%s: %s points of %s are due, its credit is %s', status,
                      coalesce(credited::text, 'no'), to_currency, coalesce(arrived::text, 'none'))`,
    },
  ],
);

/** Movements of conversions that no conversion leads to: points that left, or came from nowhere. */
const movements = checkOf(
  'movements',
  `SELECT m.member_id, m.currency, m.transfer_id::text AS id, m.points
   FROM ledger.movement m
   WHERE m.kind = 'CONVERSION' AND NOT EXISTS (
     SELECT FROM ledger.conversion c
     WHERE c.member_id = m.member_id
       AND m.transfer_id = CASE WHEN m.points < 0 THEN c.conversion_id ELSE c.transfer_id END)`,
  [
    {
      name: 'movements of conversions have one',
      broken: 'true',
      detail: `format('%s points by a conversion that is not there', points)`,
    },
  ],
);

export const conversionChecks: readonly Check[] = [conversions, movements];
