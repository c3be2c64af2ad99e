/**
 * Measures closing a month of many movements: see README.md here. `npm run bench:settlement -- --help`
 * lists the options.
 */
import '../platform/production.ts';
import { parseArgs } from 'node:util';
import { dayOf, startOfPeriod } from '../platform/calendar.ts';
import { databaseClock } from '../platform/clock.ts';
import { roleOf } from '../platform/config.ts';
import { openDatabase } from '../platform/connection.ts';
import { type Database, rows } from '../platform/database.ts';
import { limits } from '../platform/limits.ts';
import { anonymous } from '../platform/viewer.ts';
import { runProgram } from '../scripts/program.ts';
import * as entities from '../subgraphs/partners/entities.ts';
import { closeSettlementMonth } from '../subgraphs/partners/settlement/closing.ts';
import { csvPiece } from '../subgraphs/partners/settlement/documents.ts';
import { startServer } from './ledger/ground.ts';
import { makeHistory, makePurchases } from './ledger/history.ts';

const usage = `npm run bench:settlement -- [options]

  --lines N       movements of the month, which become lines (1000000)
  --partners N    whose they are, 1 to 50 (1)
  --joint         each accrual is also of a campaign for which another partner pays half
  --data FOLDER   where the server's data is put: the disk that is measured (the temporary folder)
`;

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: '1000000' },
      partners: { type: 'string', default: '1' },
      joint: { type: 'boolean', default: false },
      data: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const server = await startServer(values.data);
  try {
    const { owner, url } = await server.open('settlement');
    const month = await makeMonth(owner, Number(values.lines), Number(values.partners));
    if (values.joint) await makeCampaigns(owner, Number(values.partners));
    const source = await openDatabase(
      url(roleOf('partners')),
      Object.values(entities),
      limits,
      'bench',
    );
    await measure(source.manager, owner, month);
    await source.destroy();
  } finally {
    await server.close();
  }
  return 0;
});

/** Puts a history of two years into the month before this one. @returns its first day */
async function makeMonth(owner: Database, lines: number, partners: number): Promise<string> {
  await makeHistory(owner, { entries: lines, members: Math.ceil(lines / 25) });
  await makePurchases(owner);
  const month = startOfPeriod(dayOf(new Date(Date.now() - 32 * 86_400_000), 'UTC'), 'MONTH');
  const from = `${month}T12:00:00Z`;
  await rows(
    owner,
    `INSERT INTO partners.contract (id, partner_id, version, valid_from, currency, issue_price, redemption_rate,
       pending, backdate_days, signed_at, fee_rate, billing, clawback_risk, refund_order, claim_window_days,
       payment_terms_days, conversions)
     SELECT gen_random_uuid(), id, 1, '2000-01-01', 'EUR', 0.01, 0.008, 'AT_ONCE', 180, now(), 0.02, 'POSTPAID',
            'PARTNER', 'PROPORTIONAL', 180, 30, '[]'
     FROM partners.partner`,
  );
  await rows(
    owner,
    `UPDATE ledger.transfer t
     SET posted_at = $1::timestamptz + (account_version % 28) * interval '1 day',
         source_kind = CASE kind WHEN 'ACCRUAL' THEN 'activity' ELSE 'redemption' END, source_id = transfer_id,
         counter_account = (SELECT c.id FROM ledger.counter_account c JOIN ledger.counter_account own
           ON own.id = t.counter_account AND own.kind = c.kind
           WHERE c.owner = md5('partner ' || abs(hashtext(t.transfer_id::text)) % $2)::uuid)`,
    [from, partners],
  );
  await rows(owner, 'VACUUM FULL ANALYZE ledger.transfer');
  return month;
}

/** Puts all activities into campaigns of their partners, which the last partner helps to pay. */
async function makeCampaigns(owner: Database, partners: number): Promise<void> {
  await rows(
    owner,
    `INSERT INTO partners.offer (id, partner_id, version, title, starts_at, ends_at, opt_in, tiers, segments,
       funding, rules, published_at)
     SELECT id, id, 1, 'Campaign', now() - interval '3 years', now() + interval '1 year', false, '{}', '{}',
            jsonb_build_array(jsonb_build_object('partnerId', id, 'share', '0.5'),
              jsonb_build_object('partnerId', md5('partner 49')::uuid, 'share', '0.5')),
            '[]', now() - interval '3 years'
     FROM partners.partner WHERE id IN (SELECT md5('partner ' || n)::uuid FROM generate_series(0, $1 - 1) n)`,
    [partners],
  );
  await rows(
    owner,
    `INSERT INTO partners.offer_award (activity_id, offer_id, sandbox, points)
     SELECT a.id, c.owner, false, 40 FROM partners.activity a
     JOIN ledger.transfer t ON t.transfer_id = a.id AND t.member_id = a.member_id
     JOIN ledger.counter_account c ON c.id = t.counter_account`,
  );
  await rows(owner, 'VACUUM ANALYZE partners.offer_award');
}

async function measure(db: Database, owner: Database, month: string): Promise<void> {
  const clock = databaseClock;
  const viewer = { ...anonymous, audience: 'ADMIN' as const };
  const startedAt = performance.now();
  const before = process.memoryUsage().rss;
  // Longer than it may take, so that a busy machine can be measured, too.
  const config = { limits: { ...limits, settlementMs: 600_000 } };
  const statements = await closeSettlementMonth(db, { month }, { viewer, clock, config });
  const closedMs = performance.now() - startedAt;
  const [there] = await rows<{ lines: bigint; moved: bigint; version: string }>(
    owner,
    `SELECT (SELECT count(*) FROM partners.settlement_line
             WHERE kind NOT IN ('FEE', 'FUNDING_SHARE')) AS lines,
            (SELECT count(*) FROM ledger.movement) AS moved,
            current_setting('server_version') AS version`,
  );
  if (there!.lines !== there!.moved)
    throw new Error(`${there!.moved} moved, ${there!.lines} lines.`);
  const csvAt = performance.now();
  let bytes = 0;
  for (const statement of statements) {
    for (let place = 0, text; (text = await csvPiece(db, statement, place)) !== null; place++) {
      bytes += text.length;
    }
  }
  process.stdout.write(
    `${there!.lines.toLocaleString('en')} lines in ${statements.length} statements: closed in ` +
      `${(closedMs / 1_000).toFixed(1)} s; as CSV, ${(bytes / 1e6).toFixed(0)} MB in ` +
      `${((performance.now() - csvAt) / 1_000).toFixed(1)} s; ` +
      `${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB more memory here; ` +
      `PostgreSQL ${there!.version}.\n`,
  );
}
