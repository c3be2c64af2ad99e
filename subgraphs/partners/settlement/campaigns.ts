import { isJoint } from './parties.ts';

/**
 * What joint campaigns cost their brands in a month: `campaign`, of what `settled` has of their points. An
 * offer has its part of what an activity was given, or had taken back. The cost is with the fee, and not rounded.
 */
const costs = `
  joint AS MATERIALIZED (
    SELECT o.id, o.partner_id, o.title, o.starts_at, o.ends_at, o.funding
    FROM partners.offer o WHERE o.partner_id = ANY ($1) AND ${isJoint('o')}
  ), campaign AS MATERIALIZED (
    SELECT s.partner_id, s.currency, s.statement_id, s.digits, s.contract_version, o.id AS offer_id,
           o.title, o.funding, max(s.occurred_at) AS occurred_at, max(s.posted_at) AS posted_at,
           sum(part.points) AS points,
           sum(part.points * a.issue_price * CASE k.billing WHEN 'PREPAID' THEN 1 ELSE 1 + k.fee_rate END) AS cost
    FROM settled s
    JOIN joint o ON o.partner_id = s.partner_id
      AND s.happened_at >= o.starts_at AND s.happened_at < o.ends_at
    JOIN terms k ON k.partner_id = s.partner_id AND k.version = s.contract_version
    CROSS JOIN LATERAL (
      SELECT w.points FROM partners.offer_award w
      WHERE w.activity_id = s.activity_id AND w.offer_id = o.id LIMIT 1) w
    CROSS JOIN LATERAL (
      SELECT a.points, a.issue_price FROM partners.activity a WHERE a.id = s.activity_id LIMIT 1) a
    CROSS JOIN LATERAL (SELECT
      CASE s.kind WHEN 'ISSUANCE' THEN s.points ELSE -s.points END::numeric * w.points / a.points AS points
    ) part
    WHERE s.kind IN ('ISSUANCE', 'ISSUANCE_REVERSAL')
    GROUP BY s.partner_id, s.currency, s.statement_id, s.digits, s.contract_version, o.id, o.title, o.funding
  )`;

/**
 * Who bears what of them: `borne`. What a campaign has cost under one version of a contract up to and with
 * this month is rounded, and divided by largest remainder; so is what it had cost before. The difference is
 * what each bears now, so that a campaign that was taken back has cost nobody anything.
 */
const shares = `
  due AS (
    SELECT c.*, f."partnerId" AS payer_id, f.share, total.counts, total.counts * sign(total.cost) AS sign,
           abs(total.cost) AS total, abs(total.cost) * f.share AS exact,
           trunc(abs(total.cost) * f.share, c.digits) AS whole
    FROM campaign c
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(past.cost), 0) AS cost FROM partners.campaign_cost past
      WHERE past.offer_id = c.offer_id AND past.contract_version = c.contract_version) before
    CROSS JOIN LATERAL (VALUES (-1, round(before.cost, c.digits)), (1, round(before.cost + c.cost, c.digits)))
      AS total (counts, cost)
    CROSS JOIN LATERAL jsonb_to_recordset(c.funding) AS f ("partnerId" uuid, share numeric)
  ), placed AS (
    -- Of equal remainders the brand's own is the first.
    SELECT d.*, row_number() OVER (of_total ORDER BY exact - whole DESC,
             payer_id IS NOT DISTINCT FROM partner_id DESC, payer_id NULLS FIRST) AS place,
           (total - sum(whole) OVER of_total) * power(10::numeric, digits) AS units_left
    FROM due d WINDOW of_total AS (PARTITION BY offer_id, contract_version, counts)
  ), borne AS (
    SELECT partner_id, currency, statement_id, digits, contract_version, offer_id, title, points, occurred_at,
           posted_at, payer_id, share,
           round(sum(sign * (whole + CASE WHEN place <= units_left THEN power(10::numeric, -digits) ELSE 0 END)),
                 digits) AS amount
    FROM placed WHERE payer_id IS DISTINCT FROM partner_id
    GROUP BY partner_id, currency, statement_id, digits, contract_version, offer_id, title, points,
             occurred_at, posted_at, payer_id, share
  )`;

/** The lines of it: `shared`. The brand has back what others bear, and they pay it; the coalition has no statement. */
export const divided = `
  ${costs}, ${shares}, shared AS (
    SELECT whose.partner_id, b.currency, whose.statement_id, b.digits, b.contract_version,
           md5(concat_ws(' ', whose.statement_id, b.offer_id, b.contract_version, b.payer_id))::uuid
             AS movement_id,
           b.title || ' (' || b.offer_id || ')' AS reference, abs(round(b.points))::bigint AS points,
           whose.sign * b.amount AS amount, b.share AS rate, b.occurred_at, b.posted_at,
           'FUNDING_SHARE' AS kind
    FROM borne b
    CROSS JOIN LATERAL (
      SELECT b.partner_id, b.statement_id, -1 AS sign
      UNION ALL
      SELECT p.partner_id, p.statement_id, 1 FROM party p
      WHERE p.partner_id = b.payer_id AND p.currency = b.currency) whose
    WHERE b.amount <> 0
  )`;

/** SQL: keeps what campaigns have cost in a month that is closed. The month is $10. */
export const keptCosts = `
  INSERT INTO partners.campaign_cost (offer_id, contract_version, month, points, cost)
  SELECT offer_id, contract_version, $10::date, points, cost FROM campaign`;
