/**
 * Measures how many recorded activities a second the worker replays under another rule set:
 * `npm run bench:replay -- --help` lists the options.
 */
import '../platform/production.ts';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { databaseClock } from '../platform/clock.ts';
import { openDatabase } from '../platform/connection.ts';
import { type Database, rows } from '../platform/database.ts';
import { limits } from '../platform/limits.ts';
import { runProgram } from '../scripts/program.ts';
import { enrolProvisional } from '../subgraphs/partners/activities/members.ts';
import { type DraftRuleSet, draftRuleSet } from '../subgraphs/partners/earning/rule-sets.ts';
import { startReplay } from '../subgraphs/partners/replays/replays.ts';
import { type TestDatabase, openTestDatabase } from '../test/support/database.ts';
import { aPointAUnit, givenPartner } from '../test/support/given-partners.ts';
import { adminViewer } from '../test/support/subgraph.ts';
import { replayNext } from '../worker/replays.ts';
import { startServer } from './ledger/ground.ts';

const usage = `npm run bench:replay -- [options]

  --activities N   recorded (200000)
  --members N      who did them (20000)
  --items N        of each activity (2)
  --rounds N       how often all of them are replayed (3)
`;

const viewer = adminViewer();
const clock = databaseClock;
const period = { from: '2026-01-01', to: '2026-06-30' };

/** A base, a category and a product of their own, a multiplier by the hour, and a bonus with a cap. */
const rules: DraftRuleSet['rules'] = [
  { code: 'BASE', name: 'A point a unit', earn: { spend: '1' } },
  { code: 'CATEGORY', name: 'More', earn: { spend: '1.5' }, when: 'item.category == "c-3"' },
  { code: 'PRODUCT', name: 'Most', earn: { spend: '2' }, when: 'item.sku == "sku-7"' },
  { code: 'HOUR', name: 'Noon', earn: { multiplier: '2' }, when: 'activity.hour == 12' },
  {
    code: 'BONUS',
    name: 'Mondays',
    earn: { fixed: 10n },
    when: 'activity.dayOfWeek == 1',
    caps: [{ points: 20n, per: 'MONTH' }],
  },
];

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      activities: { type: 'string', default: '200000' },
      members: { type: 'string', default: '20000' },
      items: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '3' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const server = await startServer();
  try {
    const { url } = await server.open('replay');
    return await bench(url, {
      activities: Number(values.activities),
      members: Number(values.members),
      items: Number(values.items),
      rounds: Number(values.rounds),
    });
  } finally {
    await server.close();
  }
});

type Scale = Record<'activities' | 'members' | 'items' | 'rounds', number>;

/** @returns the exit code: 1 where not all activities were replayed */
async function bench(url: (user: string) => string, scale: Scale): Promise<number> {
  const test = await openTestDatabase(url);
  const partnerId = await givenPartner(test, { rules: [aPointAUnit] });
  await makeActivities(test, partnerId, scale);
  const db = test.db('partners');
  const ruleSet = await draftRuleSet(db, { partnerId, rules }, { viewer, clock });
  const worker = await openDatabase(url('coalition_worker'), [], limits, 'bench');
  let isWhole = true;
  for (let round = 1; round <= scale.rounds; round++) {
    const replay = await startReplay(db, { ruleSetId: ruleSet.id, period }, { viewer, clock });
    const figures = await measure(worker.manager);
    const [done] = await rows<{ activities: number; now: bigint }>(
      test.owner(),
      `SELECT activities, points_now AS now FROM partners.replay WHERE id = $1 AND status = 'DONE'`,
      [replay.id],
    );
    isWhole &&= done?.activities === scale.activities;
    const perSecond = Math.round(scale.activities / figures.seconds);
    const perCpuSecond = Math.round(scale.activities / figures.cpuSeconds);
    const points = String(done?.now);
    process.stdout.write(
      `${JSON.stringify({ round, ...figures, perSecond, perCpuSecond, points })}\n`,
    );
  }
  const load = loadavg().map((each) => each.toFixed(1));
  process.stdout.write(`${JSON.stringify({ ...scale, isWhole, load })}\n`);
  await worker.destroy();
  await test.close();
  return isWhole ? 0 : 1;
}

/** Works off what waits, as the worker does. */
async function measure(db: Database) {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  let peak = 0;
  let listed: number | null = null;
  let longest = 0;
  for (;;) {
    const stepAt = performance.now();
    if ((await replayNext(db, limits)) === 0) break;
    const took = performance.now() - stepAt;
    if (listed === null) listed = took;
    else longest = Math.max(longest, took);
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: round((performance.now() - startedAt) / 1_000),
    cpuSeconds: round((user + system) / 1_000_000),
    listMs: Math.round(listed ?? 0),
    longestStepMs: Math.round(longest),
    rssMb: Math.round(peak / 1_000_000),
  };
}

function round(seconds: number): number {
  return Number(seconds.toFixed(2));
}

/** Purchases of half a year, recorded by a statement: nobody's points move. */
async function makeActivities(
  test: TestDatabase,
  partnerId: string,
  { activities, members, items }: Scale,
): Promise<void> {
  const at = { partnerId, sandbox: false, at: new Date('2026-01-01') };
  const accounts = Array.from({ length: members }, (_, index) => `c-${index}`);
  const ids: string[] = [];
  for (let from = 0; from < members; from += 1_000) {
    const some = accounts.slice(from, from + 1_000);
    ids.push(
      ...(await enrolProvisional(test.db('partners'), some, at)).map((each) => each.memberId),
    );
  }
  await rows(
    test.owner(),
    `INSERT INTO partners.activity (id, partner_id, member_id, sandbox, reference, input_hash, kind, status,
       amount, currency, items, points, qualifying_points, issue_price, contract_version, rule_set_version,
       explanation, occurred_at, posted_at)
     SELECT gen_random_uuid(), $1, ($2::uuid[])[1 + (n * 7919) % cardinality($2::uuid[])], false, 'till-' || n,
            'none', 'PURCHASE', 'POSTED', 20 + n % 180 + 0.95, 'EUR', i.items, 20 + n % 180, 20 + n % 180,
            0.0120, 1, 1, '[{"rule": "BASE", "points": 20}]', t.at, t.at
     FROM generate_series(1, $3::integer) n
     CROSS JOIN LATERAL (SELECT timestamptz '2026-01-02' + (n * 7919::bigint % 15000000) * interval '1 second' AS at) t
     CROSS JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('line', k::text, 'sku', 'sku-' || (n + k) % 100, 'productType', null,
         'category', 'c-' || (n + k) % 20, 'brand', null, 'quantity', 1, 'amount', '2.99', 'points', 2)) AS items
       FROM generate_series(1, $4::integer) k) i`,
    [partnerId, ids, activities, items],
  );
  await rows(test.owner(), 'VACUUM ANALYZE partners.activity');
}
