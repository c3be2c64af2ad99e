import { createHash } from 'node:crypto';
import { chmod, lchown, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { limits } from './limits.ts';
import { openLog } from './log.ts';
import { CannotStart, postgresHome, postgresPrograms } from './postgres-home.ts';
import {
  type ServerPlace,
  answers,
  connectTo,
  postmasterOf,
  startServer,
  stopServer,
} from './postgres-server.ts';

/** PostgreSQL refuses to run as root; `nobody` does not own anything that it could harm. */
const nobody = 65_534;
/** Any number, but the same in every process: whose server it is. */
const keeperLock = 727_002;
/** Of the four subgraphs and of identity. */
const processConnections = 5 * limits.poolConnections;
/** The worker, commands, and two of each part that somebody may run beside. */
const otherConnections = 150;
/** A server that ends sooner did not last. */
const settledMs = 1_000;
const pauseMinMs = 100;
const pauseMaxMs = 5_000;

export interface EmbeddedPostgres {
  /** Folder of the Unix socket: the `host` of a connection. */
  socket: string;
  /** Rejects, with the reason, when the server went away and is given up. */
  lost: Promise<never>;
  /** Ends as PostgreSQL's fast shutdown does: connections are cut, everything is written. */
  stop(): Promise<void>;
}

interface Options {
  /** Hears of each time that the server goes away, and comes back. */
  log?: Logger;
  /** How often it is started again, in a row, before it is given up. */
  tries?: number;
  /** How many processes of all parts it has room for. */
  processes?: number;
}

/** Where the server of a data folder listens: short, for a socket's path has 107 bytes at most. */
export function socketFolder(dataDir: string): string {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
  return join(tmpdir(), `coalition-${name}`);
}

/**
 * Starts the PostgreSQL that comes inside npm packages, on a Unix socket only, with its data in
 * `dataDir/postgres`; makes the data folder and the database `coalition` on the first start.
 * A server that an earlier, killed process left behind is taken over. Until it is stopped, a server
 * that goes away is started again.
 *
 * @throws CannotStart the server is another process's, which is left alone; or what keeps it from
 *   starting
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  { log = openLog('silent'), tries = limits.databaseTries, processes = 1 }: Options = {},
): Promise<EmbeddedPostgres> {
  const place = await claimPlace(resolve(dataDir), processes);
  const stopping = new AbortController();
  const first = await bringUp(place, { again: false, signal: stopping.signal });
  const supervision = supervise(place, first, { log, tries, signal: stopping.signal });
  const lost = supervision.then(() => new Promise<never>(() => undefined));
  // Whoever started it may be busy with the next step, and listen to this later.
  lost.catch(() => undefined);
  return {
    socket: place.socket,
    lost,
    async stop() {
      stopping.abort();
      const last = await supervision.catch(() => null);
      // Given up: what runs there now, if anything, is not ours.
      if (!last) return;
      await last.keeper.end().catch(() => undefined);
      await stopServer(place, last.pid);
    },
  };
}

async function claimPlace(dataDir: string, processes: number): Promise<ServerPlace> {
  const owner: ServerPlace['owner'] = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const socket = socketFolder(dataDir);
  await mkdir(dataDir, { recursive: true });
  const home = await postgresHome(owner.uid, dataDir);
  const programs = await postgresPrograms(owner.uid, home);
  await claimSocketFolder(socket, owner.uid ?? process.getuid?.());
  const connections = otherConnections + processes * processConnections;
  return { dataDir, folder: join(home, 'postgres'), socket, programs, owner, connections };
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

/** A server that this process keeps. */
interface Kept {
  keeper: pg.Client;
  /** Resolves when the server has gone away, or has ended all its connections. */
  gone: Promise<void>;
  pid: number;
  since: number;
}

/** Finds the server or starts it, and keeps it. */
async function bringUp(
  place: ServerPlace,
  start: { again: boolean; signal: AbortSignal },
): Promise<Kept> {
  if (!(await answers(place.socket, start.signal))) {
    await startServer(place, start).catch(async (error: unknown) => {
      // Two starts at once: one of them wins, and the other finds its server.
      if (!(await answers(place.socket, start.signal))) throw error;
    });
  }
  return keep(place);
}

/**
 * Keeps the server for this process, by a lock that ends with its connection, and makes the
 * program's database where there is none.
 */
async function keep({ dataDir, folder, socket }: ServerPlace): Promise<Kept> {
  const keeper = connectTo(socket);
  const gone = new Promise<void>((resolve) => {
    keeper.once('end', resolve);
  });
  try {
    await keeper.connect();
    const { rows } = await keeper.query<{ kept: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS kept',
      [keeperLock],
    );
    if (!rows[0]!.kept) throw new CannotStart(`A system runs on ${dataDir} already.`);
    const { rowCount } = await keeper.query(`SELECT FROM pg_database WHERE datname = 'coalition'`);
    if (rowCount === 0) await keeper.query('CREATE DATABASE coalition');
    const pid = await postmasterOf(folder);
    if (pid === null) throw new CannotStart('PostgreSQL ended again.');
    return { keeper, gone, pid, since: performance.now() };
  } catch (error) {
    await keeper.end().catch(() => undefined);
    throw error;
  }
}

interface Supervision {
  log: Logger;
  tries: number;
  signal: AbortSignal;
}

/**
 * Brings the server back each time that it goes away, until the signal. Whose child it is does not
 * matter, nor whether it has ended or only starts its processes anew: the keeper's connection ends.
 *
 * @returns what is kept at the signal, or was last
 * @throws Error why it could not be brought back
 */
async function supervise(place: ServerPlace, first: Kept, supervision: Supervision): Promise<Kept> {
  const { log, signal } = supervision;
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (let kept = first; ;) {
    await Promise.race([kept.gone, stopped]);
    if (signal.aborted) return kept;
    const goneAt = performance.now();
    log.error({ pid: kept.pid }, 'PostgreSQL went away');
    try {
      kept = await bringBack(place, kept, supervision);
    } catch (error) {
      if (signal.aborted) return kept;
      throw error;
    }
    const durationMs = Math.round(performance.now() - goneAt);
    log.info({ pid: kept.pid, durationMs }, 'PostgreSQL is back');
  }
}

/** Tries at once, and then after longer and longer pauses. */
async function bringBack(
  place: ServerPlace,
  { since }: Kept,
  { log, tries, signal }: Supervision,
): Promise<Kept> {
  // One that ends as soon as it runs would keep the machine busy with starts.
  let pauseMs = performance.now() - since < settledMs ? settledMs / 2 : 0;
  for (let tried = 1; ; tried++) {
    await sleep(pauseMs, undefined, { signal });
    try {
      return await bringUp(place, { again: true, signal });
    } catch (error) {
      if (signal.aborted || tried === tries) throw error;
      log.warn({ err: error, tried }, 'PostgreSQL is not back');
    }
    pauseMs = Math.min(Math.max(2 * pauseMs, pauseMinMs), pauseMaxMs);
  }
}
