/**
 * Measures what reports on the program read, on a ledger with a history of two years: see README.md
 * here. `npm run bench:reports -- --help` lists the options.
 */
import '../platform/production.ts';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import {
  closedCohortsOf,
  liabilityAt,
  movementOf,
  pendingAt,
  sharedCurrency,
  trialBalance,
} from '../ledger/index.ts';
import { type Database, rows } from '../platform/database.ts';
import { runProgram } from '../scripts/program.ts';
import { membershipOf } from '../subgraphs/members/reports/membership.ts';
import { issuanceOf } from '../subgraphs/partners/performance/issuance.ts';
import { onGround } from './ledger/ground.ts';
import { makeHistory, makePurchases } from './ledger/history.ts';

const usage = `npm run bench:reports -- [options]

  --entries N     movements of the ledger (1000000)
  --members N     whose they are (100000)
  --data FOLDER   where the server's data is put: the disk that is measured (the temporary folder)
  --load          makes the history, says where it is, and keeps the server until it is told to end
  --url URL       of a database that was made like this: it is measured, and nothing is made
`;
/** How often each is asked, for the middle one; where it reads the whole ledger, once. */
const rounds = 5;

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      entries: { type: 'string', default: '1000000' },
      members: { type: 'string', default: '100000' },
      data: { type: 'string' },
      load: { type: 'boolean', default: false },
      url: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [entries, members] = [Number(values.entries), Number(values.members)];
  await onGround(values, 'reports', {
    async make(owner) {
      await makeHistory(owner, { entries, members });
      await makePurchases(owner);
    },
    measure,
  });
  return 0;
});

async function measure(db: Database): Promise<void> {
  process.stdout.write('| report | median ms |\n| --- | ---: |\n');
  for (const [name, read] of reportsOn(db)) {
    const times = name.endsWith('from the whole ledger') ? 1 : rounds;
    process.stdout.write(`| ${name} | ${Math.round(await medianOf(read, times))} |\n`);
  }
  const [there] = await rows<{ entries: bigint; members: bigint; version: string }>(
    db,
    `SELECT (SELECT count(*) FROM ledger.movement) AS entries,
            (SELECT count(*) FROM members.member) AS members,
            current_setting('server_version') AS version`,
  );
  process.stdout.write(
    `\n${there!.entries.toLocaleString('en')} movements of ${there!.members.toLocaleString('en')} ` +
      `members; PostgreSQL ${there!.version}; ${cpus().length} cores.\n`,
  );
}

function reportsOn(db: Database): [name: string, read: () => Promise<unknown>][] {
  const now = new Date();
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const day = (days: number) => ago(days).toISOString().slice(0, 10);
  const zone = { timeZone: 'UTC', currency: sharedCurrency };
  const purchases = (from: number, until: number) =>
    rows(db, `SELECT * FROM partners.purchases_between($1, $2, 'EUR')`, [ago(from), ago(until)]);
  const whole = (at: Date) =>
    rows(db, `SELECT * FROM ledger.outstanding($1, $2, 'infinity')`, [sharedCurrency, at]);
  return [
    ['outstanding now, from the sums', () => liabilityAt(db, { at: now })],
    ['outstanding now, from the whole ledger', () => whole(now)],
    ['outstanding a year ago, from the sums', () => liabilityAt(db, { at: ago(365) })],
    ['outstanding a year ago, from the whole ledger', () => whole(ago(365))],
    ['pending now', () => pendingAt(db, { at: now })],
    ['pending a month ago', () => pendingAt(db, { at: ago(30) })],
    ['pending a year ago', () => pendingAt(db, { at: ago(365) })],
    ['roll-forward of a year', () => movementOf(db, { from: day(365), to: day(0) })],
    ['trial balance', () => trialBalance(db)],
    [
      'cohorts, as the worker closed them',
      () => closedCohortsOf(db, { through: day(31).slice(0, 7) }),
    ],
    ['membership of a month', () => membershipOf(db, { from: day(60), to: day(30) }, zone)],
    ['membership of a year', () => membershipOf(db, { from: day(395), to: day(30) }, zone)],
    ['average order of a month', () => purchases(60, 30)],
    ['average order of a year', () => purchases(395, 30)],
    [
      'issuance of a month',
      () => issuanceOf(db, { days: { from: day(60), to: day(30) }, ...zone }),
    ],
    [
      'issuance of a year',
      () => issuanceOf(db, { days: { from: day(395), to: day(31) }, ...zone }),
    ],
    [
      'buyers, for the fit of lifetime value',
      () => rows(db, 'SELECT * FROM partners.buyers($1)', [10_000]),
    ],
  ];
}

async function medianOf(read: () => Promise<unknown>, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await read();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}
