import DataLoader from 'dataloader';
import type { EntityTarget } from 'typeorm';
import { type Database, selectOf } from './database.ts';
import { readRowsById } from './reads.ts';

/** Rows by id, those of one request in one statement; null for one that is not there. */
export function rowLoader<Row extends { id: string }>(
  db: Database,
  entity: EntityTarget<Row>,
): DataLoader<string, Row | null> {
  return new DataLoader(async (ids) => {
    // By a list as one parameter: it is the same statement, however long the list.
    const found = await readRowsById<Row>(db, selectOf(db, entity, 'WHERE one.id = ANY ($1)'), ids);
    const byId = new Map(found.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The rows of many owners, those of one request in one statement; of each in the order of `read`. */
export function rowsLoader<Row>(
  read: (ownerIds: string[]) => Promise<Row[]>,
  ownerOf: (row: Row) => string,
): DataLoader<string, Row[]> {
  return new DataLoader(async (ids) => {
    const lists = new Map<string, Row[]>(ids.map((id) => [id, []]));
    for (const row of await read([...ids])) lists.get(ownerOf(row))?.push(row);
    return [...lists.values()];
  });
}

/**
 * What depends on arguments, made once for each of them: fields that are asked with the same ones share
 * a loader, and so a statement.
 */
export function byArguments<Arguments extends object, Loader>(
  make: (args: Arguments) => Loader,
): (args: Arguments) => Loader {
  const made = new Map<string, Loader>();
  return (args) => {
    const name = JSON.stringify(args);
    const loader = made.get(name) ?? make(args);
    made.set(name, loader);
    return loader;
  };
}

/**
 * Lists that many rows have: those of one request that are asked with the same arguments are read in
 * one statement.
 *
 * @param read the lists of these owners, each in its order
 */
export function listLoader<Arguments extends object, Row>(
  read: (ownerIds: string[], args: Arguments) => Promise<Row[]>,
  ownerOf: (row: Row) => string,
): (ownerId: string, args: Arguments) => Promise<Row[]> {
  const loaderOf = byArguments((args: Arguments) => rowsLoader((ids) => read(ids, args), ownerOf));
  return (ownerId, args) => loaderOf(args).load(ownerId);
}
