import { DataSource } from 'typeorm';
import { partNames } from '../../platform/config.ts';
import { SnakeCase } from '../../platform/database.ts';
import { Outbox } from '../../platform/outbox.ts';
import { migrationSource } from '../../migrations/index.ts';
import { entitiesOf, useTestDatabase } from '../support/database.ts';

describe('migrations', () => {
  const test = useTestDatabase();

  it('make the tables that the entities describe', async () => {
    const source = await new DataSource({
      type: 'postgres',
      url: test.url('postgres'),
      entities: [Outbox, ...partNames.flatMap((part) => entitiesOf[part])],
      namingStrategy: new SnakeCase(),
    }).initialize();

    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();

    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('can all be undone, and done again', async () => {
    const source = await migrationSource(test.url('postgres')).initialize();
    const count = source.migrations.length;

    for (let i = 0; i < count; i++) await source.undoLastMigration();
    const schemas = await source.query(
      `SELECT nspname FROM pg_namespace
       WHERE nspname IN ('platform', 'ledger', 'members', 'partners', 'rewards', 'community', 'identity')`,
    );
    const redone = await source.runMigrations();
    await source.destroy();

    expect(schemas).toEqual([]);
    expect(redone).toHaveLength(count);
  });
});
