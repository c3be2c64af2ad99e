import { z } from 'zod';
import type { Limits } from './config.ts';
import { badInput } from './errors.ts';

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
 * Checks what a client asks of a list.
 *
 * @param keys how many sort keys the list's cursor holds
 * @throws GraphQLError BAD_USER_INPUT where `first` is not 1 to the limit, or `after` no cursor of it
 */
export function readPage(request: PageRequest, keys: number, limits: Limits): Page {
  const { first, after } = request;
  if (first < 1 || first > limits.pageSizeMax) {
    throw badInput(`first: must be 1 to ${limits.pageSizeMax}.`);
  }
  if (!after) return { first, after: null };
  try {
    const values: unknown = JSON.parse(Buffer.from(after, 'base64url').toString());
    if (
      Array.isArray(values) &&
      values.length === keys &&
      values.every((v) => typeof v === 'string')
    )
      return { first, after: values };
  } catch {
    // Not JSON: no cursor of ours either.
  }
  throw badInput('after: is no cursor of this list.');
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

const newestKeys = z.tuple([z.iso.datetime(), z.uuid()]);

/** Checks what a client asks of a list that goes by `createdAt` and id, newest first. */
export function readNewestPage(request: PageRequest, limits: Limits): Page {
  const page = readPage(request, newestKeys.def.items.length, limits);
  if (page.after && !newestKeys.safeParse(page.after).success) {
    throw badInput('after: is no cursor of this list.');
  }
  return page;
}

/** A Relay connection of such a list. */
export function newestConnection<Row extends { id: string; createdAt: Date }>(
  read: Row[],
  page: Page,
): Connection<Row> {
  return connection(read, page, ({ createdAt, id }) => [createdAt.toISOString(), id]);
}
