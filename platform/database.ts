import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  type ColumnOptions,
  DataSource,
  DefaultNamingStrategy,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
  type Table,
} from 'typeorm';
import { Connection } from './connection.ts';
import { Refusal } from './errors.ts';
import type { Limits } from './limits.ts';

/** The pool or a transaction: what every rule takes. `tx` names one that is surely a transaction. */
export type Database = EntityManager;

/** A column of points: whole, signed, 64 bits; a bigint in the program. */
export const pointsColumn = { type: 'bigint' } as const satisfies ColumnOptions;

/** Money and rates: exact decimals, strings in the program. */
export const decimalColumn = { type: 'numeric' } as const satisfies ColumnOptions;

/** Instants. */
export const instantColumn = { type: 'timestamptz' } as const satisfies ColumnOptions;

/**
 * Opens a part's connection to PostgreSQL under the part's own role.
 *
 * @param url names the role, the server and the database
 * @param entities the part's own tables
 * @param application what PostgreSQL shows as the connection's name
 * @throws Error where the server may forget what it has confirmed
 */
export async function openDatabase(
  url: string,
  entities: EntityTarget<ObjectLiteral>[],
  limits: Limits,
  application: string,
): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: entities as never[],
    namingStrategy: new SnakeCase(),
    applicationName: application,
    poolSize: limits.poolConnections,
    extra: {
      Client: Connection,
      connectionTimeoutMillis: limits.poolWaitMs,
      statement_timeout: limits.statementMs,
      lock_timeout: limits.lockMs,
      idle_in_transaction_session_timeout: limits.idleInTransactionMs,
      types: { getTypeParser },
    },
  });
  await connect(source);
  await requireDurable(source);
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
 * @throws Error naming the settings that are off
 */
async function requireDurable(source: DataSource): Promise<void> {
  const off = await rows<{ name: string }>(
    source.manager,
    `SELECT name FROM pg_settings
     WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'`,
  );
  if (off.length === 0) return;
  await source.destroy();
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

const triesMax = 3;
const serializationFailure = '40001';
const deadlock = '40P01';
/** A row was locked by others for longer than the limit. */
export const lockNotAvailable = '55P03';

/**
 * Runs the work in one transaction: all of it or nothing. Inside another transaction it becomes a
 * savepoint of that one. What PostgreSQL refuses for a conflict with others is tried again.
 *
 * @throws Refusal IN_PROGRESS others hold the same rows for longer than the limit
 */
export async function transaction<Result>(
  db: Database,
  work: (tx: Database) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction(work);
    } catch (error) {
      const code = sqlStateOf(error);
      if (code === lockNotAvailable) {
        throw new Refusal('IN_PROGRESS', 'Another call is at work on the same: ask again.');
      }
      const conflict = code === serializationFailure || code === deadlock;
      if (!conflict || tries === triesMax || db.queryRunner?.isTransactionActive) throw error;
    }
  }
}

/** PostgreSQL's five-character code of an error, where it has one. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  return driverError?.code ?? code;
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

/** Runs one statement and gives its rows, typed by the caller. */
export function rows<Row>(db: Database, sql: string, values: unknown[] = []): Promise<Row[]> {
  return db.query<Row[]>(sql, values);
}

/** Whether the database answers. */
export async function isReachable(source: DataSource): Promise<boolean> {
  return (await rows(source.manager, 'SELECT 1')).length === 1;
}

/**
 * Inserts a row, unless one is there that it conflicts with. A concurrent insert of such a row is
 * waited for here.
 *
 * @param unique the conflict that is meant, by its columns: any other is a fault; all where left out
 * @returns whether the row is new
 */
export async function insertOnce<Row extends ObjectLiteral>(
  tx: Database,
  entity: EntityTarget<Row>,
  row: Row,
  unique?: (keyof Row & string)[],
): Promise<boolean> {
  const metadata = tx.connection.getMetadata(entity);
  const insert = tx
    .createQueryBuilder()
    .insert()
    .into(entity)
    .values(row as never);
  // An update of no columns is TypeORM's way to name the conflict: DO NOTHING.
  const target = unique?.map((name) => metadata.findColumnWithPropertyName(name)!.databaseName);
  const { raw } = await (target ? insert.orUpdate([], target) : insert.orIgnore())
    .returning(metadata.primaryColumns.map(({ databaseName }) => databaseName))
    .execute();
  return (raw as unknown[]).length === 1;
}

/**
 * Inserts rows in one statement and in their order, without those that conflict with a row that is
 * there. A concurrent insert of such a row is waited for here: give the rows in an order that all
 * callers share, or two batches may wait for one another.
 *
 * @param unique the conflict that is meant, by its columns: any other is a fault
 * @returns the rows that are new
 */
export async function insertAll<Row extends { id: string }>(
  tx: Database,
  entity: EntityTarget<Row>,
  all: Row[],
  unique: (keyof Row & string)[],
): Promise<Row[]> {
  const metadata = tx.connection.getMetadata(entity);
  const names = metadata.columns.map(({ databaseName }) => databaseName).join(', ');
  const target = unique.map((name) => metadata.findColumnWithPropertyName(name)!.databaseName);
  const records = all.map((row) =>
    Object.fromEntries(
      metadata.columns.map((column) => [
        column.databaseName,
        column.getEntityValue(row) as unknown,
      ]),
    ),
  );
  // One parameter, whatever the number of rows: a parameter for each value costs more than the rest.
  const inserted = await rows<{ id: string }>(
    tx,
    `INSERT INTO ${metadata.tablePath} (${names})
     SELECT ${names} FROM jsonb_populate_recordset(NULL::${metadata.tablePath}, $1)
     ON CONFLICT (${target.join(', ')}) DO NOTHING
     RETURNING id`,
    [
      JSON.stringify(records, (_, value: unknown) =>
        typeof value === 'bigint' ? `${value}` : value,
      ),
    ],
  );
  const isNew = new Set(inserted.map(({ id }) => id));
  return all.filter(({ id }) => isNew.has(id));
}

/** An entity's columns for a statement of one's own, under the entity's names. */
export function columnsOf(
  db: Database,
  entity: EntityTarget<ObjectLiteral>,
  alias: string,
): string {
  return db.connection
    .getMetadata(entity)
    .columns.map(
      ({ databaseName, propertyName }) => `${alias}.${databaseName} AS "${propertyName}"`,
    )
    .join(', ');
}

/** snake_case for tables and columns; constraints are `<table>_<columns>_<pk|fk|uq|ix>`. */
export class SnakeCase extends DefaultNamingStrategy {
  override tableName(className: string, given: string | undefined): string {
    return given ?? snake(className);
  }
  override columnName(property: string, given: string | undefined, prefixes: string[]): string {
    return [...prefixes, given ?? property].map(snake).join('_');
  }
  override primaryKeyName(table: Table | string): string {
    return `${short(table)}_pk`;
  }
  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${short(table)}_${columns.join('_')}_fk`;
  }
  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${short(table)}_${columns.join('_')}_uq`;
  }
  override indexName(table: Table | string, columns: string[]): string {
    return `${short(table)}_${columns.join('_')}_ix`;
  }
}

function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** The table's name without its schema. */
function short(table: Table | string): string {
  const name = typeof table === 'string' ? table : table.name;
  return name.slice(name.lastIndexOf('.') + 1);
}
