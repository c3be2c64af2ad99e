import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Connection } from './connection.ts';
import { CannotStart } from './postgres-home.ts';

const run = promisify(execFile);
const silenceMaxMs = 30_000;
const connectMs = 2_000;

/** Where a server has its data and its programs, and how it is reached. */
export interface ServerPlace {
  dataDir: string;
  folder: string;
  socket: string;
  programs: string;
  /** The server's user, where it is another than ours. */
  owner: { uid?: number; gid?: number };
  /** Connections that it takes at once. */
  connections: number;
}

interface Start {
  /** Whether the server ran before, under this process: then its data is there or lost, never made. */
  again: boolean;
  /** Ends the start, and the server with it. */
  signal: AbortSignal;
}

/**
 * Starts a server and waits until it answers; however long it replays what an earlier one has left.
 *
 * @throws CannotStart it ended, or said nothing
 */
export async function startServer(place: ServerPlace, { again, signal }: Start): Promise<void> {
  if (!again && !existsSync(place.folder)) await makeCluster(place);
  await clearRemains(place);
  const server = spawnServer(place, again ? 'a' : 'w');
  let ended: Error | undefined;
  const exit = new Promise<void>((resolve) => {
    const end = () => {
      ended = new CannotStart(`PostgreSQL ended at its start: see ${logOf(place)}.`);
      resolve();
    };
    server.once('exit', end).once('error', end);
  });
  try {
    const deadline = Date.now() + silenceMaxMs;
    while (!(await answers(place.socket, signal))) {
      if (ended) throw ended;
      if (Date.now() > deadline) {
        throw new CannotStart(`PostgreSQL does not answer: see ${logOf(place)}.`);
      }
      await sleep(20, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted && server.kill('SIGINT')) await exit;
    throw error;
  }
}

/** Ends the server as PostgreSQL's fast shutdown does, unless another runs there by now. */
export async function stopServer({ folder, socket }: ServerPlace, pid: number): Promise<void> {
  const running = await postmasterOf(folder);
  if (running !== null && running !== pid) return;
  if (running === pid) send('SIGINT', pid);
  while ((await postmasterOf(folder)) === pid) await sleep(10);
  await rm(socket, { recursive: true, force: true });
}

/** Where the server itself says what it does. */
function logOf({ dataDir }: ServerPlace): string {
  return join(dataDir, 'postgres.log');
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

function spawnServer(place: ServerPlace, logMode: 'a' | 'w'): ChildProcess {
  const { folder, socket, programs, owner, connections } = place;
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socket}`,
    `max_connections=${connections}`,
    // An account is anywhere in the tables: pages that do not stay here are checked and copied again
    // for nearly every posting.
    `shared_buffers=${sharedBuffersMb()}MB`,
    // Each checkpoint makes the next change of every page cost a copy of the whole page.
    'max_wal_size=2GB',
    // Part of the title of each of its processes: see clearRemains.
    `cluster_name=${basename(socket)}`,
    // Statements carry members' data: a failing one is logged by its error alone.
    'log_min_error_statement=panic',
    // After a crash it syncs its folder before it replays: file by file, that takes seconds.
    ...(process.platform === 'linux' ? ['recovery_init_sync_method=syncfs'] : []),
  ];
  const output = openSync(logOf(place), logMode, 0o600);
  const options = ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])];
  try {
    // A group of its own: Ctrl-C reaches the program alone, which drains before it stops the server.
    return spawn(join(programs, 'postgres'), options, {
      ...owner,
      detached: true,
      stdio: ['ignore', output, output],
    });
  } finally {
    closeSync(output);
  }
}

/** An eighth of the machine's memory, as far as it helps; it is taken as it is used. */
function sharedBuffersMb(): number {
  const eighthMb = Math.floor(totalmem() / 8 / 2 ** 20);
  return Math.min(Math.max(eighthMb, 128), 1_024);
}

/** Whether a server answers there; one that is still starting is waited for. */
export async function answers(socket: string, signal: AbortSignal): Promise<boolean> {
  const startingUp = '57P03';
  for (;;) {
    const client = connectTo(socket);
    try {
      await client.connect();
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== startingUp) return false;
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(20, undefined, { signal });
  }
}

/** A connection of the server's owner, not opened yet. */
export function connectTo(host: string): Connection {
  return new Connection({
    host,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: connectMs,
  });
}

/** The process id that the running server wrote. */
export async function postmasterOf(folder: string): Promise<number | null> {
  const file = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => null);
  const pid = Number(file?.split('\n')[0]);
  return pid && send(0, pid) ? pid : null;
}

/**
 * Clears away what a lost server has left, and what would keep the next one from starting:
 *
 * - its number, where that is another process's by now, or still that of a dead process whose parent
 *   does not ask after it: PostgreSQL cannot tell;
 * - processes that outlive their postmaster, since each holds the shared memory. They end by
 *   themselves once they look up from their work, which may be late; what they have confirmed is
 *   written.
 */
async function clearRemains({ folder, socket }: ServerPlace): Promise<void> {
  const all = await processes();
  if (all.length === 0) return;
  const servers = all
    .filter(({ command }) => command.includes(` -D ${folder} `))
    .map(({ pid }) => pid);
  const noted = await postmasterOf(folder);
  if (noted !== null && !servers.includes(noted)) {
    await rm(join(folder, 'postmaster.pid'), { force: true });
    await rm(join(socket, '.s.PGSQL.5432.lock'), { force: true });
  }
  const orphans = all.filter(
    ({ parent, command }) =>
      command.startsWith(`postgres: ${basename(socket)}: `) && !servers.includes(parent),
  );
  for (const { pid } of orphans) send('SIGKILL', pid);
  for (let waits = 0; waits < 100 && orphans.some(({ pid }) => send(0, pid)); waits++) {
    await sleep(10);
  }
}

/** All processes of this machine; none where it has no `ps`. */
async function processes(): Promise<{ pid: number; parent: number; command: string }[]> {
  const format = ['-axww', '-o', 'pid=,ppid=,args='];
  const { stdout } = await run('ps', format, { maxBuffer: 100_000_000 }).catch(() => ({
    stdout: '',
  }));
  return [...stdout.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, command]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command: command!,
  }));
}

/** Sends a signal; 0 is none, and asks alone. @returns whether there is such a process */
function send(signal: NodeJS.Signals | 0, pid: number): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
