import { chmod, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for a PostgreSQL of a test's own, to which the server's own user may go. In memory, where there is
 * plenty of it: elsewhere each commit, and each copy of a database, waits for the disk.
 */
export async function serverFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(await roomy(), `coalition-${name}-`));
  await chmod(folder, 0o755);
  return folder;
}

async function roomy(): Promise<string> {
  const memory = '/dev/shm';
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= 8 * 2 ** 30 ? memory : tmpdir();
}
