import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken } from '../../identity/tokens.ts';
import { auditLedger } from '../../ledger/index.ts';
import { readConfig } from '../../platform/config.ts';
import { rows } from '../../platform/database.ts';
import { openTestDatabase } from '../support/database.ts';
import { givenConsent, givenMemberAt } from '../support/given-members.ts';
import { givenPartner } from '../support/given-partners.ts';
import { givenReward } from '../support/given-rewards.ts';
import { sequence } from '../support/random.ts';
import { type DemoSystem, startDemo } from '../support/system.ts';
import { type Difference, differences } from './detector.ts';
import { countsOf, report, spreadOf } from './figures.ts';
import { killAgainAndAgain } from './kills.ts';
import { type Clients, type Load, startLoad } from './load.ts';

const kills = Math.max(3, Number(process.env['TEST_ROUNDS'] ?? 5) / 100);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

/** A movement once more, as a posting without its key would make it. */
const anotherTransfer = `
  INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
    balance_after, counter_account, effective_at, posted_at, source_kind, source_id, description)
  SELECT member_id, gen_random_uuid(), currency, account_version + 1000000, kind, points,
    balance_after, counter_account, effective_at, posted_at, source_kind, source_id, description
  FROM ledger.transfer`;

/** Money that was reported as posted stays posted, whatever becomes of the database's processes. */
describe(`PostgreSQL killed under load (TEST_SEED=${seed})`, () => {
  const random = sequence(seed);
  let dataDir: string;
  let system: DemoSystem;
  let test: Awaited<ReturnType<typeof openTestDatabase>>;
  let clients: Clients;
  let sure: Load;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'coalition-crash-'));
    await chmod(dataDir, 0o755);
    system = await startDemo(dataDir, { SEED: 'none', LOG_LEVEL: 'error', LAME_DUCK_MS: '0' });
    const host = encodeURIComponent(system.socket);
    test = await openTestDatabase(
      (user) => `postgresql://${user}@localhost/coalition?host=${host}`,
    );
    clients = await givenClients();
  }, 120_000);
  afterAll(async () => {
    await test.close();
    await system.stop();
    await rm(dataDir, { recursive: true });
  });

  async function givenClients(): Promise<Clients> {
    const config = readConfig(system.environment);
    const partnerId = await givenPartner(test, { code: 'SHOP' });
    const emails = Array.from({ length: 6 }, (_, index) => `member${index}@example.com`);
    const tokenOf = (holder: Parameters<typeof issueToken>[2]) =>
      issueToken(config, test.db('identity'), holder);
    const { id: rewardId } = await givenReward(test, { partnerId, price: 3n });
    const members = await Promise.all(
      emails.map(async (email) => {
        await givenConsent(test, await givenMemberAt(test, email), partnerId);
        return { email, token: await tokenOf({ kind: 'member', email }) };
      }),
    );
    const partner = await tokenOf({ kind: 'partner', code: 'SHOP' });
    return { system, partner, members, rewardId, price: 3 };
  }

  /** Runs clients while PostgreSQL is killed, and compares. */
  async function crash(run: string): Promise<{ load: Load; found: Difference[] }> {
    const load = startLoad(clients, run);
    let backMs: number[];
    try {
      backMs = await killAgainAndAgain(dataDir, kills, load, () => 200 + random(1_000));
    } finally {
      await load.stop();
    }
    const found = await differences(test.owner(), load.list, run);
    const acknowledged = [...load.list.values()].filter(({ answer }) => answer).length;
    report({
      seed,
      run,
      kills,
      acknowledged,
      unacknowledged: load.list.size - acknowledged,
      unanswered: Object.fromEntries(load.unanswered),
      found: countsOf(found.map(({ kind }) => kind)),
      backMs: spreadOf(backMs),
    });
    return { load, found };
  }

  it(`loses nothing that a client was answered, in ${kills} kills`, async () => {
    const { load, found } = await crash('sure');
    sure = load;

    expect(found).toEqual([]);
    expect(await auditLedger(test.owner())).toEqual([]);
    // Whoever was not answered was told that it may ask again.
    const codes = [...load.unanswered.keys()];
    expect(codes).toContain('SUBGRAPH_UNAVAILABLE');
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
    expect(codes).not.toContain('no reply');
  }, 600_000);

  it.each([
    ['doubled', `${anotherTransfer} WHERE source_kind = 'activity' LIMIT 1`],
    ['unmoved', `UPDATE ledger.transfer SET points = points + 1 WHERE source_kind = 'activity'`],
    ['untold', 'DELETE FROM platform.outbox'],
    ['changed', 'UPDATE rewards.redemption SET points = points + 1'],
    ['stranger', `UPDATE partners.activity SET reference = reference || 'x'`],
    ['lost', `UPDATE partners.activity SET reference = reference || 'x'`],
  ])('would have found a row that is %s', async (kind, damage) => {
    await test.owner().transaction(async (tx) => {
      await rows(tx, damage);
      const found = await differences(tx, sure.list, 'sure');
      await rows(tx, 'ROLLBACK; BEGIN');

      expect(found.map((one) => one.kind)).toContain(kind);
    });
  });

  it('would have found a loss: without synchronous_commit there is one', async () => {
    // Behind the back of the check at the start; and late is as late as it can be.
    await rows(test.owner(), 'ALTER SYSTEM SET synchronous_commit = off');
    await rows(test.owner(), `ALTER SYSTEM SET wal_writer_delay = '10s'`);
    await rows(test.owner(), `ALTER SYSTEM SET wal_writer_flush_after = '1GB'`);
    await rows(test.owner(), 'SELECT pg_reload_conf()');

    const { found } = await crash('unsure');

    expect(found.map(({ kind }) => kind)).toContain('lost');
  }, 600_000);
});
