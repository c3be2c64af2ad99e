import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { auditLedger } from '../../ledger/index.ts';
import { AuditEvent } from '../../platform/audit-log.ts';
import { partNames } from '../../platform/config.ts';
import { rows } from '../../platform/database.ts';
import { SnakeCase } from '../../platform/naming.ts';
import { Outbox } from '../../platform/outbox.ts';
import { migrate, migrationSource } from '../../migrations/index.ts';
import { entitiesOf, useTestDatabase } from '../support/database.ts';

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

    await migrate(test.url('postgres'));

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

    const parts: number[] = [];
    for (let part = 1; part > 0; parts.push(part)) part = await step('ledger.seal(1000)');
    expect(parts).toEqual([1_000, 1_000, 500, 0]);
    expect(await step('ledger.roll_up(1000)')).toBe(0);
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
