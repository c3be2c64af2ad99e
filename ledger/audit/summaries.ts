import { type Check, checkOf, monthsAreGone } from './check.ts';

/** What is already in the sums that reports are read from. */
const rolledUp = `xact < (SELECT xact FROM ledger.watermark WHERE name = 'rollup')`;

/** Of days until then there is nothing to count any more; wherever the days begin. */
const goneUntil = '(SELECT max(month) + 32 FROM ledger.detached_month)';

/** In the place of an issuer where there is none: what the coalition gave. */
const nobody = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** What issuers' points moved by, beside what lots were given and gave. */
const issuers = checkOf(
  'issuers',
  `SELECT NULL::uuid AS member_id, currency,
          format('%s at %s on %s', coalesce(nullif(issuer, ${nobody})::text, 'nobody'),
                 issue_price, day) AS id,
          rolled_up, points
   FROM (
     SELECT currency, coalesce(issuer, ${nobody}) AS issuer, issue_price, day, points AS rolled_up
     FROM ledger.issuer_rollup) AS r
   FULL JOIN (
     SELECT l.currency, coalesce(l.issuer, ${nobody}) AS issuer, l.issue_price,
            (l.happened_at AT TIME ZONE c.time_zone)::date AS day, sum(l.points) AS points
     FROM ledger.lot_change l JOIN ledger.currency c ON c.code = l.currency
     WHERE l.${rolledUp}
     GROUP BY 1, 2, 3, 4) AS m USING (currency, issuer, issue_price, day)
   WHERE rolled_up IS DISTINCT FROM points AND NOT (${monthsAreGone} AND day <= ${goneUntil})`,
  [
    {
      name: 'sums by issuer equal what their lots changed by',
      broken: 'true',
      detail: `format('%s points; their lots changed by %s', rolled_up, points)`,
    },
  ],
);

/**
 * What the points that wait became more by, hour by hour, beside what lots say. Of movements that are gone
 * nobody can say until when their points were to wait.
 */
const hours = checkOf(
  'hours',
  `SELECT NULL::uuid AS member_id, currency, hour::text AS id, rolled_up, points
   FROM (
     SELECT currency, hour, points AS rolled_up FROM ledger.pending_rollup WHERE points <> 0) AS r
   FULL JOIN (
     SELECT s.currency, date_bin('1 hour', s.at + interval '59:59.999999', 'epoch') AS hour,
            sum(s.points) AS points
     FROM ledger.pending_steps(0, (SELECT xact FROM ledger.watermark WHERE name = 'pending')) s
     GROUP BY 1, 2 HAVING sum(s.points) <> 0) AS m USING (currency, hour)
   WHERE rolled_up IS DISTINCT FROM points AND NOT ${monthsAreGone}`,
  [
    {
      name: 'sums of what waits equal what their lots say',
      broken: 'true',
      detail: `format('%s points; their lots say %s', rolled_up, points)`,
    },
  ],
);

/** On which days of a month a member was active first and last, beside the movements that say so. */
const months = checkOf(
  'months',
  `SELECT member_id, currency, month::text AS id, kept.days, kept.earned,
          counted.days AS days_counted, counted.earned AS earned_counted
   FROM (
     SELECT member_id, currency, month, format('%s to %s', first_on, last_on) AS days, earned
     FROM ledger.member_month) AS kept
   FULL JOIN (
     SELECT member_id, currency, date_trunc('month', day)::date AS month,
            format('%s to %s', min(day), max(day)) AS days, sum(earned) AS earned
     FROM ledger.activity WHERE ${rolledUp}
     GROUP BY 1, 2, 3) AS counted USING (member_id, currency, month)
   WHERE (kept.days, kept.earned) IS DISTINCT FROM (counted.days, counted.earned)
     AND NOT (${monthsAreGone} AND month <= ${goneUntil})`,
  [
    {
      name: 'months of members equal their movements',
      broken: 'true',
      detail: `format('%s, %s earned; the movements say %s, %s', days, earned, days_counted, earned_counted)`,
    },
  ],
);

/** What became of the points of each month, as far as months are closed, beside a count of it again. */
const cohorts = checkOf(
  'cohorts',
  `SELECT NULL::uuid AS member_id, currency, format('of %s in %s', issued_in, moved_in) AS id,
          kept.figures, counted.figures AS figures_counted
   FROM (
     SELECT currency, issued_in, moved_in, ARRAY[issued, redeemed, outstanding] AS figures
     FROM ledger.cohort_rollup) AS kept
   FULL JOIN (
     SELECT m.currency, c.issued_in, (c.issued_in + make_interval(months => c.age))::date AS moved_in,
            ARRAY[c.issued, c.redeemed, c.outstanding] AS figures
     FROM ledger.closed_month m
     CROSS JOIN LATERAL ledger.cohorts(m.currency, m.month) c) AS counted
     USING (currency, issued_in, moved_in)
   WHERE kept.figures IS DISTINCT FROM counted.figures
     AND NOT (${monthsAreGone} AND issued_in <= ${goneUntil})`,
  [
    {
      name: 'cohorts equal their movements',
      broken: 'true',
      detail: `format('issued, redeemed, outstanding are %s; there were %s', figures, figures_counted)`,
    },
  ],
);

export const summaryChecks: readonly Check[] = [issuers, hours, months, cohorts];
