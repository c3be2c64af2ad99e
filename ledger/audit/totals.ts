import { type Check, checkOf, monthsAreGone } from './check.ts';

/** All members' positions beside all counter accounts', by currency. */
const trialBalance = checkOf(
  'currencies',
  `SELECT NULL::uuid AS member_id, code AS currency, NULL::text AS id,
          (SELECT coalesce(sum(balance - debt), 0) FROM ledger.account WHERE currency = code) AS members,
          (SELECT coalesce(sum(points), 0) FROM ledger.counter_rollup WHERE currency = code)
          + (SELECT coalesce(sum(debt - points), 0) FROM ledger.transfer
             WHERE currency = code AND counter_account IS NOT NULL
               AND xact >= (SELECT xact FROM ledger.watermark WHERE name = 'rollup')) AS counters
   FROM ledger.currency`,
  [
    {
      name: 'entries are balanced',
      broken: 'members + counters <> 0',
      detail: `format('members have %s, the other sides %s', members, counters)`,
    },
  ],
);

const sides = checkOf(
  'movements',
  `SELECT member_id, currency, transfer_id::text AS id, points, debt, counter_account
   FROM ledger.movement WHERE (counter_account IS NULL) <> (points = debt)`,
  [
    {
      name: 'each movement has its other side',
      broken: 'true',
      detail: `format('%s points and %s of debt, with counter account %s',
                      points, debt, coalesce(counter_account::text, 'none'))`,
    },
  ],
);

/**
 * What was rolled up beside a count of the movements again. Of days of which movements are gone there
 * is nothing to count: those until a day after the last such month, wherever the days begin.
 */
const rollUps = checkOf(
  'roll-ups',
  `SELECT NULL::uuid AS member_id, currency,
          format('%s%s %s %s', c.kind, ' ' || c.owner, compared.kind, day) AS id,
          rolled_up, counted, points, movements
   FROM (
     SELECT counter_account, currency, kind, day, r.points AS rolled_up, r.movements AS counted,
            m.points, m.movements
     FROM ledger.counter_rollup r
     FULL JOIN (
       SELECT counter_account, m.currency, m.kind, (posted_at AT TIME ZONE c.time_zone)::date AS day,
              sum(debt - points) AS points, count(*) AS movements
       FROM ledger.movement m JOIN ledger.currency c ON c.code = m.currency
       WHERE counter_account IS NOT NULL
         AND xact < (SELECT xact FROM ledger.watermark WHERE name = 'rollup')
       GROUP BY 1, 2, 3, 4) AS m USING (counter_account, currency, kind, day)) AS compared
   LEFT JOIN ledger.counter_account c ON c.id = counter_account
   WHERE (rolled_up, counted) IS DISTINCT FROM (points, movements)
     AND NOT (${monthsAreGone} AND day <= (SELECT max(month) + 32 FROM ledger.detached_month))`,
  [
    {
      name: 'roll-ups equal their movements',
      broken: 'true',
      detail: `format('%s points in %s movements; there are %s in %s',
                      rolled_up, counted, points, movements)`,
    },
  ],
);

/** A movement that claims a transaction to come would be in no roll-up and no seal. */
const past = checkOf(
  'movements',
  `SELECT member_id, currency, transfer_id::text AS id, xact
   FROM ledger.movement
   WHERE xact >= (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint + xact
                  FROM ledger.watermark WHERE name = 'offset')`,
  [
    {
      name: 'movements are of transactions that were',
      broken: 'true',
      detail: `format('transaction %s is still to come', xact)`,
    },
  ],
);

export const totalChecks: readonly Check[] = [trialBalance, sides, rollUps, past];
