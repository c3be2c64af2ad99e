import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { z } from 'zod';
import type { Limits } from './limits.ts';
import { type Database, columnsOf, selectOf } from './database.ts';
import { badInput } from './errors.ts';
import { isText } from './input.ts';
import { readRows } from './reads.ts';
import type { Where } from './where.ts';

/** What a client asks of a list: Relay's `first` and `after`. */
export interface PageRequest {
  first: number;
  after?: string | null | undefined;
}

/** One page to read: the keys of the row before it, and how many rows. */
export interface Page {
  first: number;
  /** Values of the sort keys of the last row seen; null at the start. */
  after: string[] | null;
}

/** The sort keys of a list's cursor, as text: unique together. */
type CursorKeys = z.ZodType<string[]>;

export interface Connection<Row> {
  edges: { cursor: string; node: Row }[];
  nodes: Row[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/**
 * Checks what a client asks of a list. A cursor is the client's to forge: its values go into
 * statements, so they are checked like any input.
 *
 * @param keys the sort keys that the list's cursor holds
 * @throws GraphQLError BAD_USER_INPUT where `first` is not 1 to the limit, or `after` no cursor of it
 */
export function readPage(request: PageRequest, keys: CursorKeys, limits: Limits): Page {
  const { first, after } = request;
  if (first < 1 || first > limits.pageSizeMax) {
    throw badInput(`first: must be 1 to ${limits.pageSizeMax}.`);
  }
  if (!after) return { first, after: null };
  const cursor = keys.safeParse(valuesIn(after));
  if (!cursor.success || !cursor.data.every(isText)) {
    throw badInput('after: is no cursor of this list.');
  }
  return { first, after: cursor.data };
}

function valuesIn(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}

/**
 * A Relay connection by keyset from rows that were read with one more than asked for.
 *
 * @param read at most `page.first + 1` rows in the list's order
 * @param keysOf the row's sort keys, unique together, as text
 */
export function connection<Row>(
  read: Row[],
  page: Page,
  keysOf: (row: Row) => string[],
): Connection<Row> {
  const edges = read.slice(0, page.first).map((node) => ({
    cursor: Buffer.from(JSON.stringify(keysOf(node))).toString('base64url'),
    node,
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: read.length > page.first,
      hasPreviousPage: page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** As `toISOString` writes it; PostgreSQL has no year 0. */
export const instantKey = z.iso.datetime({ precision: 3 }).refine((at) => at >= '0001');

const newestKeys = z.tuple([instantKey, z.uuid()]);

/** Checks what a client asks of a list that goes by an instant and id, newest first. */
export function readNewestPage(request: PageRequest, limits: Limits): Page {
  return readPage(request, newestKeys, limits);
}

/** A Relay connection of such a list. */
export function newestConnection<Row extends { id: string; createdAt: Date }>(
  read: Row[],
  page: Page,
): Connection<Row> {
  return connection(read, page, ({ createdAt, id }) => [createdAt.toISOString(), id]);
}

/**
 * Reads a page of such a list.
 *
 * @param where what its rows meet, which are `one` there
 * @returns at most one row more than the page has
 */
export function readNewest<Row extends ObjectLiteral>(
  db: Database,
  entity: EntityTarget<Row>,
  where: Where,
  { first, after }: Page,
): Promise<Row[]> {
  if (after) where.and('(one.created_at, one.id) < (?, ?)', ...after);
  const limit = where.parameter(first + 1);
  const which = `${where.text} ORDER BY one.created_at DESC, one.id DESC LIMIT ${limit}`;
  return readRows(db, selectOf(db, entity, which), where.values);
}

interface NewestOf {
  /** The column that names the owner. */
  owner: string;
  ownerIds: readonly string[];
  page: Page;
  /** The column of the instant that the list goes by. */
  by?: string;
  /** Which rows the lists hold: SQL over the alias `one`, with `values` from $5 on. */
  where?: string;
  values?: unknown[];
}

/**
 * The rows of many owners, each owner's newest first, in one statement however many there are. An
 * index on the owner, the instant and the id serves it.
 *
 * @returns of each owner at most one row more than the page has
 */
export function newestOf<Row extends ObjectLiteral>(
  db: Database,
  entity: EntityTarget<Row>,
  { owner, ownerIds, page, by = 'created_at', where = 'true', values = [] }: NewestOf,
): Promise<Row[]> {
  const [at, lastId] = page.after ?? [null, null];
  return readRows(
    db,
    `SELECT ${columnsOf(db, entity, 'listed')}
     FROM unnest($1::uuid[]) AS owner (id) CROSS JOIN LATERAL (
       SELECT one.* FROM ${db.connection.getMetadata(entity).tablePath} AS one
       WHERE one.${owner} = owner.id
         AND ($2::timestamptz IS NULL OR (one.${by}, one.id) < ($2, $3::uuid))
         AND (${where})
       ORDER BY one.${by} DESC, one.id DESC
       LIMIT $4) AS listed
     ORDER BY listed.${by} DESC, listed.id DESC`,
    [ownerIds, at, lastId, page.first + 1, ...values],
  );
}
