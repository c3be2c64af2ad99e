import { type LedgerEntry, statementOf } from '../../ledger/index.ts';
import type { Limits } from '../../platform/config.ts';
import type { Database } from '../../platform/database.ts';
import { badInput } from '../../platform/errors.ts';
import { type Connection, type PageRequest, connection, readPage } from '../../platform/paging.ts';

export interface StatementRequest extends PageRequest {
  memberId: string;
  /** The shared currency where left out. */
  currency?: string | null | undefined;
  /** All kinds where left out. */
  kinds?: readonly LedgerEntry['kind'][] | null | undefined;
}

/**
 * A page of a member's movements in one currency, newest posted first.
 *
 * @throws GraphQLError BAD_USER_INPUT where `first` or `after` is not of this list
 */
export async function readStatement(
  db: Database,
  { memberId, currency, kinds, ...request }: StatementRequest,
  limits: Limits,
): Promise<Connection<LedgerEntry>> {
  const page = readPage(request, 1, limits);
  if (page.after && !/^\d{1,18}$/.test(page.after[0]!)) {
    throw badInput('after: is no cursor of this list.');
  }
  const read = await statementOf(db, memberId, page, {
    ...(currency != null && { currency }),
    kinds: kinds ?? null,
  });
  return connection(read, page, ({ version }) => [String(version)]);
}

/** An entry's id for clients: the member's and the transfer's, since the ledger's key has both. */
export function entryIdOf({ memberId, transferId }: EntryKey): string {
  return Buffer.from(`${memberId}${transferId}`.replaceAll('-', ''), 'hex').toString('base64url');
}

export interface EntryKey {
  memberId: string;
  transferId: string;
}

/** What `entryIdOf` made the id of; null for a text that it never made. */
export function entryKeyOf(id: string): EntryKey | null {
  const hex = Buffer.from(id, 'base64url').toString('hex');
  if (hex.length !== 64) return null;
  return { memberId: uuidOf(hex.slice(0, 32)), transferId: uuidOf(hex.slice(32)) };
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
