import { z } from 'zod';
import type { EntryKey, LedgerEntry, StatementFilter } from '../../../ledger/index.ts';
import { badInput } from '../../../platform/errors.ts';
import type { Limits } from '../../../platform/limits.ts';
import {
  type Connection,
  type Page,
  type PageRequest,
  connection,
  readPage,
} from '../../../platform/paging.ts';

const versionKey = z.tuple([z.string().regex(/^\d{1,18}$/)]);

/** Checks what a client asks of a statement: it goes by the account's versions. */
export function readStatementPage(request: PageRequest, limits: Limits): Page {
  return readPage(request, versionKey, limits);
}

/** A page of a statement. */
export function statementConnection(read: LedgerEntry[], page: Page): Connection<LedgerEntry> {
  return connection(read, page, ({ version }) => [String(version)]);
}

/**
 * Checks the days that a client asks for.
 *
 * @throws GraphQLError BAD_USER_INPUT where the first comes after the last, or PostgreSQL has no such day
 */
export function readPeriod(
  period: { from: string; to: string } | null | undefined,
): NonNullable<StatementFilter['period']> | null {
  if (!period) return null;
  const { from, to } = period;
  if (from > to) throw badInput('period: from must not come after to.');
  if (from < '0001') throw badInput('period: from must not be in the year 0.');
  return { from, to };
}

/** An entry's id for clients: the member's and the movement's, since the ledger's key has both. */
export function entryIdOf({ memberId, entryId }: EntryKey): string {
  return Buffer.from(`${memberId}${entryId}`.replaceAll('-', ''), 'hex').toString('base64url');
}

/** What `entryIdOf` made the id of; null for a text that it never made. */
export function entryKeyOf(id: string): EntryKey | null {
  const hex = Buffer.from(id, 'base64url').toString('hex');
  if (hex.length !== 64) return null;
  return { memberId: uuidOf(hex.slice(0, 32)), entryId: uuidOf(hex.slice(32)) };
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
