import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Clock } from '../platform/clock.ts';
import { type Database, rows, transaction } from '../platform/database.ts';
import { Refusal } from '../platform/errors.ts';
import { limits } from '../platform/limits.ts';
import { sharedCurrency } from './balances.ts';
import type { Accrual } from './postings.ts';

/** A row of a file: an accrual, posted when its turn comes. */
export type StagedAccrual = Omit<Accrual, 'at'>;

/** A file, and how far it is posted. */
interface StagedFile {
  fileId: string;
  lines: bigint;
  posted: bigint;
  /** Posted before, under the same keys. */
  repeated: bigint;
  /** `rejectedRows` tells which, and why. */
  rejected: bigint;
  stagedAt: Date;
}

interface RejectedRow {
  /** Its place in the file, from 1. */
  line: bigint;
  memberId: string;
  key: string;
  points: bigint;
  outcome:
    | 'IDEMPOTENCY_MISMATCH'
    | 'LIMIT_REACHED'
    | 'INVALID_POINTS'
    | 'UNKNOWN_CURRENCY'
    | 'UNKNOWN_PARTNER';
}

/**
 * Puts a file of accruals into the ledger's database, where `postStaged` finds it: all of it or
 * nothing. A file that is there already is left as it is, and its rows are not read.
 *
 * @param file.rows read once, as fast as the database takes them
 * @throws Refusal LIMIT_REACHED the file has more rows than a file may have; INVALID a row that no
 *   database could hold
 */
export async function stageAccruals(
  db: Database,
  {
    fileId,
    rows: accruals,
    at,
  }: {
    fileId: string;
    rows: Iterable<StagedAccrual> | AsyncIterable<StagedAccrual>;
    at: Date;
  },
): Promise<StagedFile> {
  // Not tried again by itself: the rows are read once.
  await db.transaction(async (tx) => {
    await waitAtMost(tx, limits.stagingMs);
    const [opened] = await rows<{ isNew: boolean }>(
      tx,
      'SELECT ledger.open_staged_file($1, $2) AS "isNew"',
      [fileId, at],
    );
    if (!opened!.isNew) return;
    const client = (await tx.queryRunner!.connect()) as pg.ClientBase;
    const copy = client.query(copyFrom(`COPY ledger.staged_accrual (${columns}) FROM STDIN`));
    await pipeline(Readable.from(written(fileId, accruals)), copy);
    await rows(tx, 'SELECT ledger.close_staged_file($1, $2)', [fileId, copy.rowCount]);
  });
  return stagedFile(db, fileId);
}

/**
 * Posts what is left of a file, each row once, however often and from however many processes it is
 * called: a call goes on where another one ended or was cut off.
 *
 * @param onProgress hears of each transaction how many rows it took
 * @returns the file; other calls may still be at work on the rest of it
 * @throws Refusal NOT_FOUND there is no such file
 */
export async function postStaged(
  db: Database,
  fileId: string,
  { clock, onProgress = () => undefined }: { clock: Clock; onProgress?: (taken: number) => void },
): Promise<StagedFile> {
  await stagedFile(db, fileId);
  const write = async () => {
    // From the last member on, to pass over rows that are done; then once more from the first, for
    // what another call has left.
    for (let from: string | null = null; ;) {
      const { taken, upTo } = await postNext(db, fileId, from, clock);
      if (taken === 0 && from === null) return;
      from = upTo;
      if (taken > 0) onProgress(taken);
    }
  };
  const writers = await Promise.allSettled(Array.from({ length: limits.stagedWriters }, write));
  for (const writer of writers) if (writer.status === 'rejected') throw writer.reason;
  return stagedFile(db, fileId);
}

function postNext(
  db: Database,
  fileId: string,
  from: string | null,
  clock: Clock,
): Promise<{ taken: number; upTo: string | null }> {
  return transaction(db, async (tx) => {
    await waitAtMost(tx, limits.stagedBatchMs);
    const [answer] = await rows<{ taken: number; upTo: string | null }>(
      tx,
      'SELECT taken, up_to AS "upTo" FROM ledger.post_staged($1, $2, $3, $4)',
      [fileId, from, limits.stagedBatchRows, await clock.now(tx)],
    );
    return answer!;
  });
}

/**
 * Tells how far a file is posted.
 *
 * @throws Refusal NOT_FOUND there is no such file
 */
export async function stagedFile(db: Database, fileId: string): Promise<StagedFile> {
  const [file] = await rows<StagedFile>(
    db,
    `SELECT file_id AS "fileId", lines, posted, repeated, rejected, staged_at AS "stagedAt"
     FROM ledger.staged_file WHERE file_id = $1`,
    [fileId],
  );
  if (!file) throw new Refusal('NOT_FOUND', 'There is no such file.', ['fileId']);
  return file;
}

/** The rows of a file that were refused, in their order, from after a line on. */
export function rejectedRows(
  db: Database,
  fileId: string,
  { first, after = 0n }: { first: number; after?: bigint },
): Promise<RejectedRow[]> {
  return rows(
    db,
    `SELECT line, member_id AS "memberId", key, points, outcome
     FROM ledger.staged_reject WHERE file_id = $1 AND line > $2 ORDER BY line LIMIT $3`,
    [fileId, after, Math.min(first, limits.pageSizeMax)],
  );
}

/** Statements of this transaction may take longer than a client's: nobody waits for them. */
async function waitAtMost(tx: Database, milliseconds: number): Promise<void> {
  await rows(
    tx,
    `SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true)`,
    [String(milliseconds)],
  );
}

const columns =
  'file_id, line, member_id, key, currency, points, partner_id, issue_price, effective_at, ' +
  'activates_at, cancels_at, expires_at, expires_by_policy, source_kind, source_id, description';

/** Bytes that are handed on together: a piece for each row would cost more than the rows. */
const pieceLength = 65_536;

/** The rows as COPY reads them. */
async function* written(
  fileId: string,
  accruals: Iterable<StagedAccrual> | AsyncIterable<StagedAccrual>,
): AsyncGenerator<string> {
  let line = 0;
  let piece = '';
  for await (const accrual of accruals) {
    line++;
    if (line > limits.stagedRows) {
      throw new Refusal('LIMIT_REACHED', 'The file has too many rows.', ['rows'], {
        limit: String(limits.stagedRows),
      });
    }
    piece += writtenRow(fileId, line, accrual);
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

const nothing = '\\N';

function writtenRow(fileId: string, line: number, accrual: StagedAccrual): string {
  const { activatesAt, expiresAt, description } = accrual;
  if (description.includes('\0')) {
    throw new Refusal('INVALID', 'A text has a character that it cannot have.', [
      'rows',
      String(line),
      'description',
    ]);
  }
  return `${[
    fileId,
    line,
    accrual.memberId,
    accrual.key,
    escaped(accrual.currency ?? sharedCurrency),
    accrual.points,
    accrual.issuerId,
    accrual.issuePrice,
    accrual.effectiveAt?.toISOString() ?? nothing,
    activatesAt === 'onAction' ? 'infinity' : (activatesAt?.toISOString() ?? nothing),
    accrual.cancelsAt?.toISOString() ?? nothing,
    expiresAt?.toISOString() ?? nothing,
    expiresAt === undefined,
    accrual.source.kind,
    accrual.source.id,
    escaped(description),
  ].join('\t')}\n`;
}

function escaped(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character]!);
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
