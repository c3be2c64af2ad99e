import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Connection } from './connection.ts';
import { type Database, rows } from './database.ts';
import type { Limits } from './limits.ts';
import { currentSpan, within } from './tracing.ts';

/** A read that somebody waits for. */
interface Read {
  text: string;
  values: readonly unknown[];
  /** By ids, its only value: it may go with those of others. */
  isById: boolean;
  /** When nobody waits for it any more. */
  lateAt: number;
  /** Asks where it was asked for: what it is a part of is told of it. */
  send: (ask: () => Promise<pg.QueryResult>) => Promise<pg.QueryResult>;
  resolve: (rows: object[]) => void;
  reject: (error: unknown) => void;
}

/** Reads that are one statement. */
type Together = [Read, ...Read[]];

/** As the pool says it of what waits for a connection for too long. */
const late = 'timeout exceeded when trying to connect';

/** What sends the reads of a pool. */
class Reads {
  readonly #pool: pg.Pool;
  readonly #limits: Limits;
  #waiting: Read[] = [];
  /** Groups that are under way. */
  #groups = 0;
  #isDue = false;
  /** When the last of them began. */
  #begunAt = 0;
  /** Whether it will be looked whether that is long enough ago. */
  #isWatched = false;

  constructor(pool: pg.Pool, limits: Limits) {
    this.#pool = pool;
    this.#limits = limits;
  }

  ask<Row>(text: string, values: readonly unknown[], isById: boolean): Promise<Row[]> {
    const span = currentSpan();
    const lateAt = performance.now() + this.#limits.poolWaitMs;
    const send: Read['send'] = (ask) => within(span, ask);
    return new Promise((resolve, reject) => {
      const give = resolve as Read['resolve'];
      this.#waiting.push({ text, values, isById, lateAt, send, resolve: give, reject });
      this.#goOn();
    });
  }

  /**
   * All that is asked for in one turn of the event loop goes in one group, with what came while the last group was
   * under way. One that takes long is not waited for.
   */
  #goOn(): void {
    if (this.#isDue || this.#waiting.length === 0) return;
    const { readGroups, readGroupMs } = this.#limits;
    if (this.#groups === readGroups) return;
    if (this.#groups > 0 && performance.now() - this.#begunAt < readGroupMs) {
      this.#lookAgain(readGroupMs);
      return;
    }
    this.#isDue = true;
    setImmediate(() => this.#begin());
  }

  #lookAgain(afterMs: number): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    setTimeout(() => {
      this.#isWatched = false;
      this.#goOn();
    }, afterMs);
  }

  #begin(): void {
    this.#isDue = false;
    this.#begunAt = performance.now();
    this.#groups++;
    const group = this.#waiting.splice(0, this.#limits.groupedReads);
    void this.#read(group).finally(() => {
      this.#groups--;
      this.#goOn();
    });
    this.#goOn();
  }

  async #read(group: Read[]): Promise<void> {
    const now = performance.now();
    const asked = group.filter(({ lateAt }) => lateAt > now);
    for (const { lateAt, reject } of group) if (lateAt <= now) reject(new Error(late));
    if (asked.length === 0) return;
    let connection: Connection & pg.PoolClient;
    try {
      connection = (await this.#pool.connect()) as Connection & pg.PoolClient;
    } catch (error) {
      for (const { reject } of asked) reject(error);
      return;
    }
    await connection.together(() => mergeReads(asked).map((reads) => answer(connection, reads)));
    connection.release();
  }
}

/** A read of more ids is no part of another's, who would look through all of its rows. */
const sharedIdsMax = 50;

function isShared({ isById, values }: Read): boolean {
  return isById ? (values[0] as string[]).length <= sharedIdsMax : values.length === 0;
}

/** What has no values is one for all, and so are the rows of one table by their ids. */
function mergeReads(asked: readonly Read[]): Together[] {
  const merged: Together[] = [];
  const byText = new Map<string, Together>();
  for (const read of asked) {
    const together = isShared(read) ? byText.get(read.text) : undefined;
    if (together) {
      together.push(read);
      continue;
    }
    const alone: Together = [read];
    if (isShared(read)) byText.set(read.text, alone);
    merged.push(alone);
  }
  return merged;
}

/** Sends reads that are one statement, as a part of what the first is a part of, and gives all who asked its rows. */
async function answer(connection: Connection, reads: Together): Promise<void> {
  const [first] = reads;
  const values = reads.length > 1 && first.isById ? [idsOf(reads)] : [...first.values];
  let found: object[];
  try {
    found = (await first.send(() => connection.query(first.text, values))).rows as object[];
  } catch (error) {
    if (reads.length === 1) first.reject(error);
    // What is wrong with one, such as an id that is none, is not the others'.
    else await Promise.all(reads.map((read) => answer(connection, [read])));
    return;
  }
  // Each has rows of its own, which it may write on: Apollo's subgraph does.
  for (const { resolve } of reads.slice(1)) resolve(found.map((row) => ({ ...row })));
  first.resolve(found);
}

function idsOf(reads: Together): string[] {
  return [...new Set(reads.flatMap(({ values }) => values[0] as string[]))];
}

const readsOf = new WeakMap<DataSource, Reads>();

/** From now on reads of this pool go together: see `readRows`. */
export function readTogether(source: DataSource, limits: Limits): void {
  const { master } = source.driver as unknown as { master: pg.Pool };
  readsOf.set(source, new Reads(master, limits));
}

/**
 * Runs a statement that reads, and waits for no lock, and gives its rows: those that are asked for at the same
 * moment outside of a transaction, by whomever, share a connection, on which none waits for the answers of
 * those before it. What has no values is read once for all of them, after the last has asked.
 */
export function readRows<Row>(db: Database, sql: string, values: unknown[] = []): Promise<Row[]> {
  const reads = db.queryRunner ? undefined : readsOf.get(db.connection);
  return reads ? reads.ask(sql, values, false) : rows(db, sql, values);
}

/**
 * Reads rows by their ids likewise: all that ask at the same moment by this text are given the rows of
 * all of them.
 *
 * @param sql with the ids as $1
 */
export function readRowsById<Row>(
  db: Database,
  sql: string,
  ids: readonly string[],
): Promise<Row[]> {
  const reads = db.queryRunner ? undefined : readsOf.get(db.connection);
  return reads ? reads.ask(sql, [ids], true) : rows(db, sql, [ids]);
}
