import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  DataSource,
  type EntityTarget,
  type ObjectLiteral,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { rows, sqlStateOf } from './database.ts';
import type { Limits } from './limits.ts';
import { SnakeCase } from './naming.ts';
import { tracedStatement } from './statement-spans.ts';

/**
 * A connection whose end is a failure of its statement in hand, or else of its next one. Whoever has
 * it need not listen too: pg's client ends the process where its last words find no listener, and
 * those who hand it on, a pool and TypeORM, leave it without one for a moment.
 */
export class Connection extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }

  /**
   * Sends statements at once, none of which waits for the answers of those before it. Each is a transaction of its
   * own: one that fails leaves the others alone.
   *
   * @returns when all are answered, well or not
   */
  async together(send: () => Promise<unknown>[]): Promise<void> {
    const { stream } = Reflect.get(this, 'connection') as { stream: Duplex };
    Reflect.set(this, 'pipeline', true);
    stream.cork();
    const sent = send();
    stream.uncork();
    await Promise.allSettled(sent);
    Reflect.set(this, 'pipeline', false);
  }
}

// All statements of a part pass here. As a method it would lose the types of the many ways to call it.
Connection.prototype.query = function (this: Connection, ...given: unknown[]): unknown {
  const ask = Reflect.get(pg.Client.prototype, 'query') as (...given: unknown[]) => unknown;
  return tracedStatement(given[0], () => Reflect.apply(ask, this, given));
} as pg.Client['query'];

/**
 * Opens a part's connection to PostgreSQL under the part's own role.
 *
 * @param url names the role, the server and the database
 * @param entities the part's own tables
 * @param application what PostgreSQL shows as the connection's name
 * @param Client what its connections are
 * @throws Error where the server may forget what it has confirmed
 */
export async function openDatabase(
  url: string,
  entities: EntityTarget<ObjectLiteral>[],
  limits: Limits,
  application: string,
  Client = Connection,
): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: entities as never[],
    namingStrategy: new SnakeCase(),
    applicationName: application,
    poolSize: limits.poolConnections,
    extra: {
      Client,
      connectionTimeoutMillis: limits.poolWaitMs,
      statement_timeout: limits.statementMs,
      lock_timeout: limits.lockMs,
      idle_in_transaction_session_timeout: limits.idleInTransactionMs,
      types: { getTypeParser },
    },
  });
  await connect(source);
  try {
    await requireDurable((sql) => rows(source.manager, sql));
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return source;
}

const connectTriesMax = 5;
const connectPauseMs = 200;

/** Connects to a server, which may be starting, or be busy while all parts start at once. */
async function connect(source: DataSource): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await source.initialize();
      return;
    } catch (error) {
      // Where nobody listens at all, waiting would only put off the message.
      const isThere = isUnavailable(error) && !(error as { syscall?: string }).syscall;
      if (!isThere || tries === connectTriesMax) throw error;
      await sleep(connectPauseMs);
    }
  }
}

/**
 * A server that may forget what it has confirmed loses points that a client counts on.
 *
 * @param ask runs a statement on the server and gives its rows
 * @throws Error naming the settings that are off
 */
export async function requireDurable(
  ask: (sql: string) => Promise<{ name: string }[]>,
): Promise<void> {
  const off = await ask(
    `SELECT name FROM pg_settings
     WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'
     ORDER BY name`,
  );
  if (off.length === 0) return;
  const names = off.map(({ name }) => name).join(', ');
  throw new Error(`PostgreSQL would lose what it has confirmed: ${names} must be on.`);
}

const int8 = 20;
const date = 1082;

/** bigint for points, and calendar days as they are written: pg's own parsers would change both. */
function getTypeParser(type: number, format?: 'text' | 'binary') {
  if (type === int8) return BigInt;
  if (type === date) return String;
  return pg.types.getTypeParser(type, format as 'text');
}

/** Whether the database answers. */
export async function isReachable(source: DataSource): Promise<boolean> {
  return (await rows(source.manager, 'SELECT 1')).length === 1;
}

/**
 * Whether the database was not there, or ended what it was at: the same call may be answered a
 * moment later. It may have been carried out, where the connection ended at its commit.
 */
export function isUnavailable(error: unknown): boolean {
  // What TypeORM says of the next statement of a transaction whose connection has ended.
  if (error instanceof QueryRunnerAlreadyReleasedError) return true;
  if (error instanceof QueryRunnerProviderAlreadyReleasedError) return true;
  const { syscall, message } = error as { syscall?: string; message?: string };
  if (syscall) return socketCalls.has(syscall);
  const state = sqlStateOf(error);
  return state ? unavailable.test(state) : lostConnection.test(message ?? '');
}

const socketCalls: ReadonlySet<string> = new Set(['connect', 'read', 'write']);
/**
 * PostgreSQL's classes "connection exception" and "operator intervention" (it stops, starts, has
 * crashed, or a statement takes too long); too many connections; a transaction idle for too long.
 */
const unavailable = /^(08...|57...|53300|25P03)$/;
/** pg's own errors, which have no code. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect)|not queryable/;
