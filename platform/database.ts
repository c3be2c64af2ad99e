import type { ColumnOptions, EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { Refusal } from './errors.ts';

/** The pool or a transaction: what every rule takes. `tx` names one that is surely a transaction. */
export type Database = EntityManager;

/** A column of points: whole, signed, 64 bits; a bigint in the program. */
export const pointsColumn = { type: 'bigint' } as const satisfies ColumnOptions;

/** Money and rates: exact decimals, strings in the program. */
export const decimalColumn = { type: 'numeric' } as const satisfies ColumnOptions;

/** Instants. */
export const instantColumn = { type: 'timestamptz' } as const satisfies ColumnOptions;

const triesMax = 3;
const serializationFailure = '40001';
const deadlock = '40P01';
/** A row was locked by others for longer than the limit. */
export const lockNotAvailable = '55P03';

/**
 * Runs the work in one transaction: all of it or nothing. Inside another transaction it becomes a
 * savepoint of that one. What PostgreSQL refuses for a conflict with others, or with a change of a table, is
 * tried again.
 *
 * @param lockMs how long it waits for rows that others hold, where that is not the connection's own
 * @throws Refusal IN_PROGRESS others hold the same rows for longer than the limit
 */
export async function transaction<Result>(
  db: Database,
  work: (tx: Database) => Promise<Result>,
  lockMs: number | null = null,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction(async (tx) => {
        if (lockMs !== null)
          await rows(tx, `SELECT set_config('lock_timeout', $1, true)`, [lockMs]);
        return work(tx);
      });
    } catch (error) {
      const code = sqlStateOf(error);
      if (code === lockNotAvailable) {
        throw new Refusal('IN_PROGRESS', 'Another call is at work on the same: ask again.');
      }
      const conflict = code === serializationFailure || code === deadlock || isOutdated(error);
      if (!conflict || tries === triesMax || db.queryRunner?.isTransactionActive) throw error;
    }
  }
}

/** PostgreSQL's five-character code of an error, where it has one. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  return driverError?.code ?? code;
}

/** Whether a prepared statement has other columns by now, since a table was changed: nothing of it was done. */
export function isOutdated(error: unknown): boolean {
  const { driverError = error } = error as { driverError?: unknown };
  const { code, routine } = driverError as { code?: string; routine?: string };
  return code === '0A000' && routine === 'RevalidateCachedQuery';
}

/** Runs one statement and gives its rows, typed by the caller. */
export function rows<Row>(db: Database, sql: string, values: unknown[] = []): Promise<Row[]> {
  return db.query<Row[]>(sql, values);
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
  const columns = metadata.columns.map(({ databaseName, propertyName }) => {
    return { databaseName, propertyName: propertyName as keyof Row };
  });
  const names = columns.map(({ databaseName }) => databaseName).join(', ');
  const target = unique.map((name) => metadata.findColumnWithPropertyName(name)!.databaseName);
  const records = all.map((row) => {
    const record: Record<string, unknown> = {};
    for (const { databaseName, propertyName } of columns) {
      const value: unknown = row[propertyName];
      // Here, and not by `toJson`, which calls a function for each value in them.
      record[databaseName] = typeof value === 'bigint' ? value.toString() : value;
    }
    return record;
  });
  // One parameter, whatever the number of rows: a parameter for each value costs more than the rest.
  const inserted = await rows<{ id: string }>(
    tx,
    `INSERT INTO ${metadata.tablePath} (${names})
     SELECT ${names} FROM jsonb_populate_recordset(NULL::${metadata.tablePath}, $1)
     ON CONFLICT (${target.join(', ')}) DO NOTHING
     RETURNING id`,
    [JSON.stringify(records)],
  );
  const isNew = new Set(inserted.map(({ id }) => id));
  return all.filter(({ id }) => isNew.has(id));
}

/** A parameter that PostgreSQL reads as JSON: a bigint is there as text, which no digit is lost of. */
export function toJson(value: object): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'bigint' ? each.toString() : each,
  );
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

/**
 * A statement that reads rows of an entity.
 *
 * @param which what follows the table, which is `one` there
 */
export function selectOf(db: Database, entity: EntityTarget<ObjectLiteral>, which: string): string {
  const { tablePath } = db.connection.getMetadata(entity);
  return `SELECT ${columnsOf(db, entity, 'one')} FROM ${tablePath} AS one ${which}`;
}
