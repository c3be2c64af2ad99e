import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditLedger } from '../../ledger/index.ts';
import { migrate } from '../../migrations/index.ts';
import { rows } from '../../platform/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { Refusal } from '../../platform/errors.ts';
import { openTestDatabase } from '../support/database.ts';
import { givenLedgerPartner } from '../support/given-points.ts';
import { sequence } from '../support/random.ts';
import { until } from '../support/until.ts';
import { countsOf, report, spreadOf } from './figures.ts';
import { killAgainAndAgain } from './kills.ts';
import { type LedgerDifference, ledgerDifferences } from './ledger-detector.ts';
import { type Answer, mixed } from './ledger-kinds.ts';
import { type Line, startLedgerLoad } from './ledger-load.ts';

const kills = Math.max(2, Number(process.env['TEST_ROUNDS'] ?? 5) / 20);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

interface Run {
  list: readonly Line[];
  members: readonly string[];
  found: LedgerDifference[];
}

/** A movement once more, under its key. */
const anotherTransfer = `
  INSERT INTO ledger.transfer
  SELECT (jsonb_populate_record(t, jsonb_build_object(
    'account_version', account_version + 1000000, 'posted_at', posted_at + interval '1 day'))).*
  FROM ledger.transfer t`;

/** What the ledger was asked for and has answered stands, whatever becomes of the database's processes. */
describe(`PostgreSQL killed under all that the ledger does (TEST_SEED=${seed})`, () => {
  const random = sequence(seed);
  let dataDir: string;
  let postgres: EmbeddedPostgres;
  let test: Awaited<ReturnType<typeof openTestDatabase>>;
  let partnerId: string;
  let sure: Run;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'coalition-crash-'));
    await chmod(dataDir, 0o755);
    postgres = await startEmbeddedPostgres(dataDir);
    const host = encodeURIComponent(postgres.socket);
    const url = (user: string) => `postgresql://${user}@localhost/coalition?host=${host}`;
    await migrate(url('postgres'));
    test = await openTestDatabase(url);
    partnerId = await givenLedgerPartner(test);
    // Or the first server that comes back would replay the migrations, too.
    await rows(test.owner(), 'CHECKPOINT');
  }, 120_000);
  afterAll(async () => {
    await test.close();
    await postgres.stop();
    await rm(dataDir, { recursive: true });
  });

  /** Runs clients while PostgreSQL is killed, and compares. */
  async function crash(run: string, kills: number): Promise<Run> {
    const members = Array.from({ length: 8 }, () => randomUUID());
    const load = startLedgerLoad({
      db: (part) => test.db(part),
      clients: 6,
      kinds: mixed,
      gathers: true,
      keepsKeys: true,
      givesUp: true,
      lost: postgres.lost,
      members,
      partnerId,
      random,
    });
    let backMs: number[];
    try {
      await until(async () =>
        mixed.every((kind) => postedIn(load.list).some((l) => l.kind === kind)),
      );
      backMs = await killAgainAndAgain(dataDir, kills, load, () => 50 + random(400));
    } finally {
      await load.stop();
    }
    const { list, unanswered } = load;
    const found = await ledgerDifferences(test.owner(), list, members);
    const posted = postedIn(list);
    report({
      seed,
      run,
      kills,
      acknowledged: countsOf(posted.map(({ kind }) => kind)),
      repeated: posted.filter(({ answer }) => (answer as Answer).repeated).length,
      refused: refusalsOf(list).length,
      unacknowledged: list.filter(({ answer }) => !answer).length,
      unanswered: countsOf(unanswered),
      found: countsOf(found.map(({ kind }) => kind)),
      backMs: spreadOf(backMs),
    });
    return { list, members, found };
  }

  it(`loses nothing of what the ledger has answered, and changes nothing: ${kills} kills`, async () => {
    sure = await crash('sure', kills);

    expect(sure.found).toEqual([]);
    expect(await auditLedger(test.owner())).toEqual([]);
    expect(refusalsOf(sure.list).filter((code) => code !== 'INSUFFICIENT_POINTS')).toEqual([]);
  }, 600_000);

  it.each([
    ['lost', `UPDATE ledger.transfer SET transfer_id = gen_random_uuid() WHERE kind = 'ACCRUAL'`],
    [
      'stranger',
      `UPDATE ledger.transfer SET transfer_id = gen_random_uuid() WHERE kind = 'ACCRUAL'`,
    ],
    ['doubled', `${anotherTransfer} WHERE kind = 'TRANSFER_IN'`],
    ['changed', `UPDATE ledger.transfer SET points = points + 1 WHERE kind = 'TRANSFER_IN'`],
    ['changed', `UPDATE ledger.transfer SET debt = debt + 1000000 WHERE kind = 'REVERSAL'`],
    ['changed', 'UPDATE ledger.transfer SET balance_after = balance_after + 1'],
    ['changed', 'UPDATE ledger.hold SET points = points + 1 WHERE captured = 0'],
    ['changed', `UPDATE ledger.hold SET captured = 0, status = 'RELEASED' WHERE captured > 0`],
  ])('would have found what is %s: %s', async (kind, damage) => {
    await test.owner().transaction(async (tx) => {
      await rows(tx, damage);
      const found = await ledgerDifferences(tx, sure.list, sure.members);
      await rows(tx, 'ROLLBACK; BEGIN');

      expect(found.map((one) => one.kind)).toContain(kind);
    });
  });

  it('would have found what is denied', async () => {
    const answer = new Refusal('CONFLICT', 'The hold has been captured or released.');
    const denied = sure.list.map((line) => ({ ...line, answer }));

    const found = await ledgerDifferences(test.owner(), denied, sure.members);

    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['denied']));
  });

  it('would have found a loss: without synchronous_commit there is one', async () => {
    // Behind the back of the check at the start; and late is as late as it can be.
    await rows(test.owner(), 'ALTER SYSTEM SET synchronous_commit = off');
    await rows(test.owner(), `ALTER SYSTEM SET wal_writer_delay = '10s'`);
    await rows(test.owner(), `ALTER SYSTEM SET wal_writer_flush_after = '1GB'`);
    await rows(test.owner(), 'SELECT pg_reload_conf()');

    const { found } = await crash('unsure', 2);

    expect(found.map(({ kind }) => kind)).toContain('lost');
    // What is left is in balance all the same.
    expect(await auditLedger(test.owner())).toEqual([]);
  }, 600_000);
});

function postedIn(list: readonly Line[]): Line[] {
  return list.filter(({ answer }) => answer && !(answer instanceof Refusal));
}

function refusalsOf(list: readonly Line[]): string[] {
  return list.flatMap(({ answer }) => (answer instanceof Refusal ? [answer.code] : []));
}
