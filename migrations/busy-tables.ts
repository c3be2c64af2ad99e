/**
 * What tables get while all parts read and write them. Nothing here keeps others out for longer than a
 * moment, and each can be done again: a migration made of them is in no transaction (`transaction = false`),
 * and goes on where an attempt before it has ended.
 */
import type { QueryRunner } from 'typeorm';

/** How long a statement that keeps others out may wait for them, who wait behind it meanwhile. */
export const lockMs = 500;

/** Pages of a table that are filled in one transaction: a few thousand rows. */
const pagesAtOnce = 200;

interface NewIndex {
  /** With its schema. */
  name: string;
  /** "table (columns) …" */
  on: string;
  unique?: boolean;
}

/** Makes an index. What an attempt that ended halfway has left of it is made anew. */
export async function makeIndex(runner: QueryRunner, { name, on, unique }: NewIndex) {
  const [made] = (await runner.query(
    'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    [name],
  )) as { valid: boolean }[];
  if (made?.valid) return;
  const kind = unique ? 'UNIQUE INDEX' : 'INDEX';
  const [, own] = name.split('.');
  await unhurried(runner, `DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  await unhurried(runner, `CREATE ${kind} CONCURRENTLY ${own} ON ${on}`);
}

/**
 * Makes an index of a table that has partitions: of each of them first, since to make that of the whole
 * table then only takes them up.
 */
export async function makePartedIndex(
  runner: QueryRunner,
  { table, name, column, using }: { table: string; name: string; column: string; using: string },
) {
  const [schema] = table.split('.');
  const parts = (await runner.query(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = $1::regclass AND to_regclass($2) IS NULL ORDER BY 1`,
    [table, `${schema}.${name}`],
  )) as { name: string }[];
  for (const part of parts) {
    // As PostgreSQL names those of partitions to come.
    const index = `${schema}.${part.name}_${column}_idx`;
    await makeIndex(runner, { name: index, on: `${schema}.${part.name} ${using}` });
  }
  await runner.query(`CREATE INDEX IF NOT EXISTS ${name} ON ${table} ${using}`);
}

/** Looks whether what was there before a constraint keeps to it. */
export async function validate(runner: QueryRunner, table: string, ...constraints: string[]) {
  for (const constraint of constraints) {
    await unhurried(runner, `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint}`);
  }
}

/** Fills a column of the rows that have nothing in it, some pages at a time. */
export async function fill(
  runner: QueryRunner,
  { table, column, value }: { table: string; column: string; value: string },
) {
  const [size] = (await runner.query(
    `SELECT (pg_relation_size($1::regclass) / current_setting('block_size')::integer)::integer AS pages`,
    [table],
  )) as { pages: number }[];
  for (let page = 0; page < size!.pages; page += pagesAtOnce) {
    await runner.query(
      `UPDATE ${table} SET ${column} = ${value}
       WHERE ctid >= $1::tid AND ctid < $2::tid AND ${column} IS NULL`,
      [`(${page},0)`, `(${page + pagesAtOnce},0)`],
    );
  }
}

/** Forbids that a column is empty, of which no row is: known from a look that keeps nobody out. */
export async function requireFilled(runner: QueryRunner, table: string, column: string) {
  const check = `${table.split('.')[1]}_${column}_filled_ck`;
  await runner.query(`
    ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${check};
    ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;
  `);
  await validate(runner, table, check);
  await runner.query(`
    ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;
    ALTER TABLE ${table} DROP CONSTRAINT ${check};
  `);
}

/** Runs what keeps nobody out, and may wait for as long as others take. */
async function unhurried(runner: QueryRunner, statement: string) {
  await runner.query('SET lock_timeout = 0');
  try {
    await runner.query(statement);
  } finally {
    await runner.query(`SET lock_timeout = ${lockMs}`);
  }
}
