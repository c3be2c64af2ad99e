import { DataSource } from 'typeorm';
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
    const source = await migrationSource(test.url('postgres')).initialize();
    while (source.migrations.length > 0 && (await isLedgerWhole())) {
      await source.undoLastMigration();
    }
    await source.destroy();
    await rows(
      test.owner(),
      `CREATE FUNCTION ledger.counter_account_of(p_kind text, p_partner_id uuid) RETURNS integer
       LANGUAGE sql AS 'SELECT 1'`,
    );

    await migrate(test.url('postgres'));

    expect(await isLedgerWhole()).toBe(true);
  });

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
