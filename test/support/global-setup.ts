import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { migrate } from '../../migrations/index.ts';
import { serverFolder } from './server-folder.ts';

declare global {
  var testServer: { postgres: EmbeddedPostgres; dataDir: string } | undefined;
}

/** One PostgreSQL for the run, with a migrated database that each test file copies. */
export default async function setUp(): Promise<void> {
  const dataDir = await serverFolder('test');
  const postgres = await startEmbeddedPostgres(dataDir);
  await migrate(
    `postgresql://postgres@localhost/coalition?host=${encodeURIComponent(postgres.socket)}`,
  );
  globalThis.testServer = { postgres, dataDir };
  process.env['TEST_POSTGRES_SOCKET'] = postgres.socket;
}
