import { chmod, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { migrate } from '../../migrations/index.ts';

declare global {
  var testServer: { postgres: EmbeddedPostgres; dataDir: string } | undefined;
}

/** One PostgreSQL for the run, with a migrated database that each test file copies. */
export default async function setUp(): Promise<void> {
  const dataDir = await mkdtemp(join(await roomyFolder(), 'coalition-test-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres(dataDir);
  await migrate(
    `postgresql://postgres@localhost/coalition?host=${encodeURIComponent(postgres.socket)}`,
  );
  globalThis.testServer = { postgres, dataDir };
  process.env['TEST_POSTGRES_SOCKET'] = postgres.socket;
}

/**
 * Memory, where there is plenty of it: elsewhere each commit and each copy of the database waits for the
 * disk, which is a fifth of the tests' time.
 */
async function roomyFolder(): Promise<string> {
  const memory = '/dev/shm';
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= 8 * 2 ** 30 ? memory : tmpdir();
}
