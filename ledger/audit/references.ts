import { type Check, type Subject, checkOf, mayBeGone, monthsAreGone } from './check.ts';

const isMovement = (row: string, id: string) =>
  `EXISTS (SELECT FROM ledger.movement t
           WHERE t.member_id = ${row}.member_id AND t.transfer_id = ${row}.${id})`;

/** What it proves; whose; and SQL for those that lead nowhere: member, currency, id, what is missing. */
const references: readonly [string, Subject, string][] = [
  [
    'accounts have a currency',
    'accounts',
    `SELECT a.member_id, a.currency, NULL::text AS id, 'the currency' AS missing
     FROM ledger.account a LEFT JOIN ledger.currency c ON c.code = a.currency
     WHERE c.code IS NULL`,
  ],
  [
    'movements have what they refer to',
    'movements',
    `SELECT m.member_id, m.currency, m.transfer_id::text AS id, missing
     FROM ledger.movement m
     LEFT JOIN ledger.account a USING (member_id, currency)
     LEFT JOIN ledger.counter_account c ON c.id = m.counter_account
     LEFT JOIN ledger.hold h ON h.member_id = m.member_id AND h.hold_id = m.hold_id
     CROSS JOIN LATERAL (VALUES
       (a.member_id IS NULL, 'the account'),
       (m.counter_account IS NOT NULL AND c.id IS NULL, 'the counter account'),
       (m.hold_id IS NOT NULL AND h.hold_id IS NULL, 'the hold')) AS known (is_not, missing)
     WHERE (a.member_id IS NULL OR m.counter_account IS NOT NULL AND c.id IS NULL
            OR m.hold_id IS NOT NULL AND h.hold_id IS NULL) AND is_not`,
  ],
  [
    'movements go back to what is there',
    'movements',
    `SELECT m.member_id, m.currency, m.transfer_id::text AS id, 'what it reverses' AS missing
     FROM ledger.movement m
     WHERE m.reverses IS NOT NULL AND NOT ${isMovement('m', 'reverses')} AND NOT (${mayBeGone('m')})
     UNION ALL
     SELECT m.member_id, m.currency, m.transfer_id::text, 'what it is part of'
     FROM ledger.movement m
     WHERE m.part_of IS NOT NULL AND NOT ${isMovement('m', 'part_of')}
       -- A command that makes no movement of its own is known by its key.
       AND NOT EXISTS (SELECT FROM ledger.idempotency i
                       WHERE i.member_id = m.member_id AND i.key = m.part_of)
       AND NOT (${mayBeGone('m')})`,
  ],
  [
    'lots have what they refer to',
    'lots',
    `SELECT l.member_id, l.currency, l.lot_id::text AS id, 'the account' AS missing
     FROM ledger.lot l LEFT JOIN ledger.account a USING (member_id, currency)
     WHERE a.member_id IS NULL
     UNION ALL
     SELECT l.member_id, l.currency, l.lot_id::text, 'the lot that it goes on from'
     FROM ledger.lot l
     -- Of another member, maybe.
     WHERE l.origin_lot IS NOT NULL
       AND NOT EXISTS (SELECT FROM ledger.lot o WHERE o.lot_id = l.origin_lot)
     UNION ALL
     SELECT u.member_id, NULL::text, u.transfer_id::text, 'the lot that was used'
     FROM ledger.lot_use u LEFT JOIN ledger.lot l USING (member_id, lot_id)
     WHERE l.lot_id IS NULL`,
  ],
  [
    'holds have what they refer to',
    'holds',
    `SELECT h.member_id, h.currency, h.hold_id::text AS id, 'the account' AS missing
     FROM ledger.hold h LEFT JOIN ledger.account a USING (member_id, currency)
     WHERE a.member_id IS NULL
     UNION ALL
     SELECT k.member_id, NULL::text, k.hold_id::text,
            CASE WHEN h.hold_id IS NULL THEN 'the hold' ELSE 'the lot that it was given' END
     FROM ledger.hold_lot k
     LEFT JOIN ledger.hold h USING (member_id, hold_id)
     LEFT JOIN ledger.lot l USING (member_id, lot_id)
     WHERE h.hold_id IS NULL OR l.lot_id IS NULL`,
  ],
];

const orphans = references.map(([name, of, rows]) =>
  checkOf(of, rows, [
    {
      name,
      broken: 'true',
      detail: `format('%s is not there', missing)`,
    },
  ]),
);

/** Keys without what they were answered with. */
const keys = checkOf(
  'keys',
  `SELECT i.member_id, NULL::text AS currency, i.key::text AS id
   FROM ledger.idempotency i
   LEFT JOIN ledger.movement m
     ON m.member_id = i.member_id AND m.transfer_id = coalesce(i.transfer_id, i.key)
   WHERE m.transfer_id IS NULL AND (i.transfer_id IS NOT NULL OR i.result IS NULL)
     AND NOT (${mayBeGone('i')})`,
  [
    {
      name: 'keys lead to their movement',
      broken: 'true',
      detail: `'its movement is not there'`,
    },
  ],
);

/** Each movement that was taken back, beside all that took it back. */
const reversals = checkOf(
  'movements',
  // Of what a merge has brought, the points that waited in vain go back, whatever debt came with them.
  `SELECT m.member_id, m.currency, m.transfer_id::text AS id, back.points AS back,
          m.points - CASE m.kind WHEN 'MERGE' THEN 0 ELSE m.debt END AS points
   FROM ledger.movement m
   JOIN (
     SELECT member_id, reverses, sum(points - debt) AS points
     FROM ledger.movement WHERE reverses IS NOT NULL
     GROUP BY member_id, reverses) AS back
     ON back.member_id = m.member_id AND back.reverses = m.transfer_id`,
  [
    {
      name: 'no more is taken back than there was',
      broken: 'NOT (back BETWEEN least(-points, 0) AND greatest(-points, 0))',
      detail: `format('%s points, %s taken back', points, back)`,
    },
  ],
);

/** Each movement between two members, beside the other member's. */
const pairs = checkOf(
  'movements',
  `SELECT m.member_id, m.currency, m.transfer_id::text AS id, m.points, other.points AS others
   FROM ledger.movement m
   LEFT JOIN ledger.movement other
     ON other.member_id = m.other_member_id AND other.transfer_id = m.transfer_id
       AND other.other_member_id = m.member_id AND other.currency = m.currency
   WHERE m.kind IN ('TRANSFER_IN', 'TRANSFER_OUT', 'MERGE') AND m.part_of IS NULL
     AND NOT (other.transfer_id IS NULL AND ${monthsAreGone})`,
  [
    {
      name: 'what one member gives another one gets',
      broken: 'others IS DISTINCT FROM -points',
      detail: `format('%s points, the other member has %s', points, coalesce(others::text, 'none'))`,
    },
  ],
);

export const referenceChecks: readonly Check[] = [...orphans, keys, reversals, pairs];
