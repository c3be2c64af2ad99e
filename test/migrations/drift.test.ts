import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { auditLedger } from '../../ledger/index.ts';
import { AuditEvent } from '../../platform/audit-log.ts';
import { partNames } from '../../platform/config.ts';
import { type Database, rows } from '../../platform/database.ts';
import { SnakeCase } from '../../platform/naming.ts';
import { Outbox } from '../../platform/outbox.ts';
import { migrate, migrationSource } from '../../migrations/index.ts';
import { entitiesOf, useTestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

describe('migrations', () => {
  const test = useTestDatabase();

  it('make the tables that the entities describe', async () => {
    const source = await new DataSource({
      type: 'postgres',
      url: test.url('postgres'),
      entities: [AuditEvent, Outbox, ...partNames.flatMap((part) => entitiesOf[part])],
      namingStrategy: new SnakeCase(),
    }).initialize();

    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();

    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('can all be undone, and done again with every function', async () => {
    const functions = async () =>
      (
        await rows<{ name: string }>(
          test.owner(),
          `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = ANY ($1) ORDER BY 1`,
          [schemas],
        )
      ).map(({ name }) => name);
    const before = await functions();
    const source = await migrationSource(test.url('postgres')).initialize();
    for (const _ of source.migrations) await source.undoLastMigration();
    await source.destroy();
    const left = await rows(test.owner(), 'SELECT FROM pg_namespace WHERE nspname = ANY ($1)', [
      schemas,
    ]);

    await migrate(test.url('postgres'));

    expect(before.length).toBeGreaterThan(10);
    expect(left).toEqual([]);
    expect(await functions()).toEqual(before);
  });

  it('bring a released database up to date, whose functions have other parameters', async () => {
    await undoWholeLedger();
    await rows(
      test.owner(),
      `CREATE FUNCTION ledger.counter_account_of(p_kind text, p_partner_id uuid) RETURNS integer
       LANGUAGE sql AS 'SELECT 1'`,
    );

    await rows(
      test.owner(),
      `WITH m AS (
         INSERT INTO members.member (id, member_number, status, sandbox, display_name, locale,
           marketing_opt_in, joined_at)
         VALUES ($1, '9000000000000001', 'PROVISIONAL', false, 'Member', 'en', false, now())
         RETURNING id)
       INSERT INTO members.partner_account (partner_id, sandbox, account, member_id, linked_at)
       SELECT id, false, 'account ' || n, id, now() FROM m, generate_series(1, 1000) n`,
      [randomUUID()],
    );

    // As two parts do that start at once: one makes indexes while the other waits.
    await Promise.all([migrate(test.url('postgres')), migrate(test.url('postgres'))]);

    expect(await isLedgerWhole()).toBe(true);
    const accounts = await rows(
      test.owner(),
      'SELECT count(DISTINCT id)::integer AS ids FROM members.partner_account',
    );
    expect(accounts).toEqual([{ ids: 1_000 }]);
    const unchecked = await rows(
      test.owner(),
      `SELECT conname FROM pg_constraint WHERE NOT convalidated
       UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid`,
    );
    expect(unchecked).toEqual([]);
  });

  it('read no table that parts write to while they keep them out', async () => {
    await undoWholeLedger();
    const source = await migrationSource(test.url('postgres')).initialize();
    const reading: string[] = [];
    for (const migration of source.migrations) {
      const up = migration.up.bind(migration);
      migration.up = async (runner) => {
        await up(runner);
        const found = (await runner.query(readUnderLock, [busyTables])) as { name: string }[];
        // Or what this one has read would be counted again in the next one's transaction.
        await runner.query('SELECT pg_stat_force_next_flush()');
        for (const { name } of found) reading.push(`${migration.constructor.name}: ${name}`);
      };
    }

    await source.runMigrations({ transaction: 'each' });

    await source.destroy();
    // The ledger became another one with it: for that, docs/operations.md has everybody wait.
    expect(reading.filter((each) => !each.startsWith('LedgerWhole'))).toEqual([]);
    await migrate(test.url('postgres'));
  });

  it('let others at a table that they wait for', async () => {
    await undoWholeLedger();
    let migrating: Promise<void> | undefined;
    await test.owner().transaction(async (tx) => {
      await rows(tx, 'SELECT FROM members.member');
      migrating = migrate(test.url('postgres'));
      await until(async () => (await waiting(tx)) > 0);

      // Longer than a part waits for a lock: it goes as soon as the migration makes way.
      await test.owner().transaction(async (other) => {
        await rows(other, `SET LOCAL lock_timeout = '2s'`);
        await rows(other, 'SELECT FROM members.member');
      });
    });

    await migrating;

    expect(await isLedgerWhole()).toBe(true);
  });

  it('let movements that were there be sealed in parts, and count none of them twice', async () => {
    await undoWholeLedger();
    await rows(
      test.owner(),
      `WITH partner AS (
         INSERT INTO ledger.counter_account (kind, owner) VALUES ('PARTNER_ISSUANCE', $1) RETURNING id
       ), opened AS (
         INSERT INTO ledger.account (member_id, currency, balance, version) VALUES ($1, 'PTS', 2500, 2500)
       ), earned AS (
         INSERT INTO ledger.lot (member_id, lot_id, currency, issuer, issue_price, original, remaining,
           activates_at)
         SELECT $1, lpad(n::text, 32, '0')::uuid, 'PTS', $1, 0.01, 1, 1, '2026-01-01Z'
         FROM generate_series(1, 2500) n)
       INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
         balance_after, counter_account, effective_at, posted_at, source_kind, source_id, description)
       SELECT $1, lpad(n::text, 32, '0')::uuid, 'PTS', n, 'ACCRUAL', 1, n, partner.id, '2026-01-01Z',
         '2026-01-01Z', 'activity', $1, 'Purchase'
       FROM generate_series(1, 2500) n, partner`,
      [randomUUID()],
    );

    await migrate(test.url('postgres'));

    // What waits was in no sums yet.
    for (const call of ['ledger.seal(1000)', 'ledger.roll_up(1000)']) {
      const parts: number[] = [];
      for (let part = 1; part > 0; parts.push(part)) part = await step(call);
      expect(parts).toEqual([1_000, 1_000, 500, 0]);
    }
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  async function undoWholeLedger(): Promise<void> {
    const source = await migrationSource(test.url('postgres')).initialize();
    while (source.migrations.length > 0 && (await isLedgerWhole())) {
      await source.undoLastMigration();
    }
    await source.destroy();
  }

  async function step(call: string): Promise<number> {
    const [made] = await rows<{ count: number }>(test.owner(), `SELECT ${call} AS count`);
    return made!.count;
  }

  async function isLedgerWhole(): Promise<boolean> {
    const [found] = await rows<{ is: boolean }>(
      test.owner(),
      `SELECT to_regclass('ledger.hold') IS NOT NULL AS is`,
    );
    return found!.is;
  }
});

async function waiting(db: Database): Promise<number> {
  const [found] = await rows<{ count: number }>(
    db,
    `SELECT count(*)::integer AS count FROM pg_locks
     WHERE NOT granted AND relation = 'members.member'::regclass`,
  );
  return found!.count;
}

/** What grows with members, and what they do. */
const busyTables = [
  'members.member',
  'members.verification',
  'members.partner_account',
  'members.consent',
  'partners.activity',
  'rewards.redemption',
  'rewards.voucher',
  'community.post',
  'community.review',
  'platform.outbox',
  'identity.oidc_record',
  'ledger.account',
  'ledger.lot',
  'ledger.lot_use',
  'ledger.transfer',
  'ledger.transfer_other',
];

/** Those of some tables that this transaction has read, and keeps writers out of until it ends. */
const readUnderLock = `
  SELECT DISTINCT s.schemaname || '.' || s.relname AS name
  FROM pg_stat_xact_all_tables s JOIN pg_locks l ON l.relation = s.relid
  WHERE l.pid = pg_backend_pid() AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    AND s.schemaname || '.' || s.relname = ANY ($1) AND s.seq_scan + coalesce(s.idx_scan, 0) > 0`;

const schemas = [
  'platform',
  'ledger',
  'members',
  'partners',
  'rewards',
  'community',
  'identity',
  'pgboss',
];
