import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { chmod, chown, lchown, lstat, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { CannotStart, postgresHome, postgresPrograms } from './postgres-home.ts';

const run = promisify(execFile);
const startTimeoutMs = 30_000;
/** PostgreSQL refuses to run as root; `nobody` does not own anything that it could harm. */
const nobody = 65_534;
/** Any number, but the same in every process: whose server it is. */
const keeperLock = 727_002;

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

interface ServerPlace {
  dataDir: string;
  folder: string;
  socket: string;
  programs: string;
  /** The server's user, where it is another than ours. */
  owner: { uid?: number; gid?: number };
}

/**
 * Starts the PostgreSQL that comes inside npm packages, on a Unix socket only, with its data in
 * `dataDir/postgres`; makes the data folder and the database `coalition` on the first start.
 * A server that an earlier, killed process left behind is taken over.
 *
 * @throws CannotStart the server is another process's, which is left alone; or what keeps it from
 *   starting
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const place = await claimPlace(resolve(dataDir));
  if (!(await answers(place.socket))) {
    await startServer(place).catch(async (error: unknown) => {
      // Two starts at once: one of them wins, and the other finds its server.
      if (!(await answers(place.socket))) throw error;
    });
  }
  const keeper = await keep(place);
  return {
    socket: place.socket,
    async stop() {
      const pid = await postmasterOf(place.folder);
      await keeper.end().catch(() => undefined);
      if (pid === null) return;
      process.kill(pid, 'SIGINT');
      while (isAlive(pid)) await sleep(10);
      await rm(place.socket, { recursive: true, force: true });
    },
  };
}

async function claimPlace(dataDir: string): Promise<ServerPlace> {
  const owner: ServerPlace['owner'] = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const socket = socketFolder(dataDir);
  await mkdir(dataDir, { recursive: true });
  const home = await postgresHome(owner.uid, dataDir);
  const programs = await postgresPrograms(owner.uid, home);
  await claimSocketFolder(socket, owner.uid ?? process.getuid?.());
  return { dataDir, folder: join(home, 'postgres'), socket, programs, owner };
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
  if (!found.isDirectory() || !isOurs) throw new CannotStart(`${folder} belongs to another user.`);
  if (uid !== undefined) await lchown(folder, uid, uid);
  await chmod(folder, 0o700);
}

async function startServer(place: ServerPlace): Promise<void> {
  if (!existsSync(place.folder)) await makeCluster(place);
  await removeStaleLock(place.folder);
  const server = spawnServer(place);
  let ended: Error | undefined;
  const log = join(place.dataDir, 'postgres.log');
  server.once(
    'exit',
    () => (ended = new CannotStart(`PostgreSQL ended at its start: see ${log}.`)),
  );
  const deadline = Date.now() + startTimeoutMs;
  while (!(await answers(place.socket))) {
    if (ended) throw ended;
    if (Date.now() > deadline) throw new CannotStart(`PostgreSQL does not answer: see ${log}.`);
    await sleep(20);
  }
}

/** Made beside its place and moved there whole: a start that is cut short leaves no half of it. */
async function makeCluster({ folder, programs, owner }: ServerPlace): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    if (owner.uid) await chown(draft, owner.uid, owner.uid);
    const options = ['-D', draft, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
    await run(join(programs, 'initdb'), options, owner);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function spawnServer({ dataDir, folder, socket, programs, owner }: ServerPlace): ChildProcess {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socket}`,
    'max_connections=200',
    // Statements carry members' data: a failing one is logged by its error alone.
    'log_min_error_statement=panic',
  ];
  const output = openSync(join(dataDir, 'postgres.log'), 'w', 0o600);
  const options = ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])];
  // A group of its own: Ctrl-C reaches the program alone, which drains before it stops the server.
  return spawn(join(programs, 'postgres'), options, {
    ...owner,
    detached: true,
    stdio: ['ignore', output, output],
  });
}

/** Whether a server listens there; one that is still starting is waited for. */
async function answers(socket: string): Promise<boolean> {
  const startingUp = '57P03';
  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await sleep(20)) {
    const client = connectTo(socket);
    try {
      await client.connect();
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== startingUp) return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

/**
 * Keeps the server for this process, by a lock that ends with its connection, and makes the
 * program's database where there is none.
 */
async function keep({ dataDir, socket }: ServerPlace): Promise<pg.Client> {
  const client = connectTo(socket);
  // A server that goes away is noticed by those who ask it.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ kept: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS kept',
    [keeperLock],
  );
  if (!rows[0]!.kept) {
    await client.end();
    throw new CannotStart(`A system runs on ${dataDir} already.`);
  }
  const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'coalition'`);
  if (rowCount === 0) await client.query('CREATE DATABASE coalition');
  return client;
}

function connectTo(host: string): pg.Client {
  return new pg.Client({ host, user: 'postgres', database: 'postgres' });
}

/**
 * After a loss of power, the number of the old server may be another process's by now. PostgreSQL
 * cannot tell, and would refuse to start until that one ends.
 */
async function removeStaleLock(folder: string): Promise<void> {
  const pid = await postmasterOf(folder);
  if (pid === null) return;
  const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]);
  if (!stdout.includes(folder)) await rm(join(folder, 'postmaster.pid'));
}

/** The process id that the running server wrote. */
async function postmasterOf(folder: string): Promise<number | null> {
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
