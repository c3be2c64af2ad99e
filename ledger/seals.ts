import { type Database, rows } from '../platform/database.ts';
import type { Page } from '../platform/paging.ts';

/** A closed period of the ledger: what was posted since the seal before it. */
export interface LedgerSeal {
  /** Counts from 1, without a gap. */
  number: bigint;
  /** SHA-256 over the movements, their lots and the hash of the seal before; in hex. */
  hash: string;
  /** The hash of the seal before it; null for the first. */
  previous: string | null;
  sealedAt: Date;
}

const columns = `number, encode(hash, 'hex') AS hash, encode(previous, 'hex') AS previous,
  sealed_at AS "sealedAt"`;

/**
 * The ledger's seals, the last first.
 *
 * @param page its key is the seal's number
 * @returns at most one row more than the page has
 */
export function listSeals(db: Database, { first, after }: Page): Promise<LedgerSeal[]> {
  return rows(
    db,
    `SELECT ${columns} FROM ledger.seal WHERE $1::bigint IS NULL OR number < $1
     ORDER BY number DESC LIMIT $2`,
    [after?.[0] ?? null, first + 1],
  );
}

/** The last seal; null where there is none yet. */
export async function lastSeal(db: Database): Promise<LedgerSeal | null> {
  const [seal] = await listSeals(db, { first: 1, after: null });
  return seal ?? null;
}
