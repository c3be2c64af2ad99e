import { z } from 'zod';
import type { LedgerEntry } from '../../ledger/index.ts';
import type { Limits } from '../../platform/limits.ts';
import {
  type Connection,
  type Page,
  type PageRequest,
  connection,
  readPage,
} from '../../platform/paging.ts';

const versionKey = z.tuple([z.string().regex(/^\d{1,18}$/)]);

/** Checks what a client asks of a statement: it goes by the account's versions. */
export function readStatementPage(request: PageRequest, limits: Limits): Page {
  return readPage(request, versionKey, limits);
}

/** A page of a statement. */
export function statementConnection(read: LedgerEntry[], page: Page): Connection<LedgerEntry> {
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
