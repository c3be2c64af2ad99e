import { type Database, rows } from '../../platform/database.ts';

/** Each movement: of five, four earn, and the fifth spends of what the member earned last. */
const planned = `
  CREATE UNLOGGED TABLE public.planned AS
  SELECT n, md5((n / 5 % $2)::text)::uuid AS member_id, md5('movement ' || n)::uuid AS id,
         n % 5 = 4 AS spends, n / 5 / $2 * 5 + n % 5 + 1 AS version,
         -- Balanced up to each: 100 for each that earned, less 40 for each that spent.
         n / 5 / $2 * 360 + least(n % 5 + 1, 4) * 100 - CASE WHEN n % 5 = 4 THEN 40 ELSE 0 END AS balance,
         now() - interval '2 years' + (n::float8 / $1) * interval '2 years' AS at
  FROM generate_series(0, $1 - 1) n`;

const members = `
  INSERT INTO members.member (id, member_number, status, sandbox, display_name, locale,
    marketing_opt_in, joined_at)
  SELECT md5(n::text)::uuid, '9' || lpad(n::text, 15, '0'), 'PROVISIONAL', false, 'Member', 'en', false,
         now() - interval '2 years'
  FROM generate_series(0, $1 - 1) n`;

const counters = `
  INSERT INTO ledger.counter_account (kind, owner)
  SELECT kind, md5('partner ' || n)::uuid
  FROM generate_series(0, 49) n, unnest('{PARTNER_ISSUANCE,PARTNER_REDEMPTION}'::text[]) kind`;

const accounts = `
  INSERT INTO ledger.account (member_id, currency, balance, version, posted_at, active_at)
  SELECT DISTINCT ON (member_id) member_id, 'PTS', balance, version, at, at
  FROM public.planned ORDER BY member_id, n DESC`;

/** The transactions that posted them are fewer than a new server has had. */
const movements = `
  INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
    balance_after, counter_account, effective_at, posted_at, description, xact)
  SELECT p.member_id, p.id, 'PTS', p.version, CASE WHEN spends THEN 'REDEMPTION' ELSE 'ACCRUAL' END,
         CASE WHEN spends THEN -40 ELSE 100 END, p.balance, c.id, p.at - interval '2 minutes', p.at,
         'Purchase', p.n::bigint * 500 / $1 + 1
  FROM public.planned p JOIN ledger.counter_account c ON c.owner = md5('partner ' || p.n % 50)::uuid
    AND c.kind = CASE WHEN p.spends THEN 'PARTNER_REDEMPTION' ELSE 'PARTNER_ISSUANCE' END
  ORDER BY p.n`;

/** What is earned can be spent two weeks later, and lasts for three years. */
const lots = `
  INSERT INTO ledger.lot (member_id, lot_id, transfer_id, currency, issuer, issue_price, original,
    remaining, activates_at, expires_at)
  SELECT member_id, id, id, 'PTS', md5('partner ' || n % 50)::uuid, 0.01, 100,
         CASE WHEN n % 5 = 3 AND n + 1 < $1 THEN 60 ELSE 100 END, at + interval '14 days',
         at + interval '3 years'
  FROM public.planned WHERE NOT spends ORDER BY n`;

const uses = `
  INSERT INTO ledger.lot_use (member_id, transfer_id, lot_id, points)
  SELECT member_id, id, md5('movement ' || n - 1)::uuid, 40 FROM public.planned WHERE spends`;

const partners = `
  INSERT INTO partners.partner (id, code, name, kind, status, contact_email, created_at)
  SELECT md5('partner ' || n)::uuid, 'P' || n, 'Brand ' || n, 'RETAILER', 'LIVE', 'it@brand.example', now()
  FROM generate_series(0, 49) n`;

const purchases = `
  INSERT INTO partners.activity (id, partner_id, member_id, sandbox, reference, input_hash, kind, status,
    amount, currency, points, qualifying_points, issue_price, contract_version, rule_set_version,
    explanation, occurred_at, posted_at)
  SELECT t.transfer_id, c.owner, t.member_id, false, t.transfer_id, '', 'PURCHASE', 'POSTED',
         10 + t.account_version % 90, 'EUR', t.points, t.points, 0.01, 1, 1, '[]', t.effective_at, t.posted_at
  FROM ledger.transfer t JOIN ledger.counter_account c ON c.id = t.counter_account
  WHERE t.kind = 'ACCRUAL' ORDER BY t.posted_at`;

/** Writes the purchases for which members earned. */
export async function makePurchases(owner: Database): Promise<void> {
  await rows(owner, partners);
  await rows(owner, purchases);
  await rows(owner, 'VACUUM ANALYZE partners.activity');
  await rows(owner, `UPDATE members.program SET time_zone = 'UTC'`);
  while (await didMore(owner, 'SELECT partners.count_months(500000) AS count'));
}

/**
 * Writes movements of two years into the tables as the owner, since posting each would take hours, and
 * adds them up as the worker does.
 *
 * @throws Error the books do not balance, or what was added up is not what is there
 */
export async function makeHistory(
  owner: Database,
  scale: { entries: number; members: number },
): Promise<void> {
  await rows(owner, `SELECT ledger.make_months((now() - interval '25 months')::date, now()::date)`);
  await rows(owner, planned, [scale.entries, scale.members]);
  await rows(owner, members, [scale.members]);
  await rows(owner, counters);
  await rows(owner, accounts);
  await rows(owner, movements, [scale.entries]);
  await rows(owner, lots, [scale.entries]);
  await rows(owner, uses);
  await rows(owner, 'DROP TABLE public.planned');
  await rows(owner, 'VACUUM ANALYZE');
  while (await didMore(owner, 'SELECT ledger.roll_up(500000) AS count'));
  while (await didMore(owner, 'SELECT ledger.close_months() AS count'));
  await rows(owner, 'VACUUM ANALYZE');
  // What autovacuum was summing up when it had to make way stays open in these indexes: see README.md here.
  await rows(owner, 'REINDEX TABLE ledger.transfer');
  await rows(owner, 'REINDEX INDEX ledger.lot_active_from_ix');
  const [sums] = await rows<Record<'summed' | 'balances' | 'pending' | 'waiting', bigint>>(
    owner,
    `SELECT (SELECT sum(points)::bigint FROM ledger.issuer_rollup) AS summed,
            (SELECT sum(balance)::bigint FROM ledger.account) AS balances,
            ledger.pending_at('PTS', now()) AS pending,
            (SELECT coalesce(sum(remaining), 0)::bigint FROM ledger.lot WHERE activates_at > now()) AS waiting`,
  );
  if (sums!.summed !== sums!.balances) {
    throw new Error(`Members have ${sums!.balances} points, ${sums!.summed} were added up.`);
  }
  if (sums!.pending !== sums!.waiting) {
    throw new Error(`${sums!.waiting} points wait, ${sums!.pending} were added up.`);
  }
}

async function didMore(owner: Database, sql: string): Promise<boolean> {
  const [row] = await rows<{ count: number }>(owner, sql);
  return row!.count > 0;
}
