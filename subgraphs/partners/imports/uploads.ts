import { Readable } from 'node:stream';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, insertOnce, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput, title } from '../../../platform/input.ts';
import type { Limits } from '../../../platform/limits.ts';
import { type Viewer, requireOwn } from '../../../platform/viewer.ts';
import { lockPartner, requireNotTerminated } from '../brands/partners.ts';
import { ActivityUpload } from './entities.ts';

const piece = z.object({
  id,
  partnerId: id.nullish(),
  fileName: title,
  place: z.int().min(0, 'must be 0 or more'),
  content: z.string().min(1, 'must not be empty'),
  isLast: z.boolean(),
});

export type KeepPiece = z.input<typeof piece>;

interface UploadFacts {
  viewer: Viewer;
  clock: Clock;
  limits: Pick<Limits, 'partnerUploads'>;
}

/**
 * Keeps a piece of a file: the first begins an upload, the last ends it. Pieces come in their order, each
 * once.
 *
 * @returns the upload's name where it is whole, null before
 * @throws Refusal INVALID; NOT_FOUND the partner is another's, or no upload waits for that piece; NOT_ALLOWED
 *   the partner is gone; CONFLICT the id is taken; LIMIT_REACHED too many of the partner's are not imported
 */
export async function keepUploadPiece(
  db: Database,
  input: KeepPiece,
  { viewer, clock, limits }: UploadFacts,
): Promise<string | null> {
  const given = parseInput(piece, input);
  const { place, isLast } = given;
  const content = Buffer.from(given.content, 'base64');
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    if (place === 0) await begin(tx, given, { viewer, at, max: limits.partnerUploads });
    const [kept] = await rows<{ startsAt: bigint; partnerId: string }>(
      tx,
      `WITH kept AS (
         UPDATE partners.activity_upload
         SET pieces = pieces + 1, bytes = bytes + $3, touched_at = $4,
             ended_at = CASE WHEN $5 THEN $4::timestamptz END
         WHERE id = $1 AND pieces = $2 AND ended_at IS NULL AND sandbox = $6
           AND ($7::uuid IS NULL OR partner_id = $7)
         RETURNING bytes - $3 AS "startsAt", partner_id AS "partnerId")
       SELECT * FROM kept`,
      [given.id, place, content.length, at, isLast, viewer.sandbox, viewer.partnerId],
    );
    if (!kept) throw new Refusal('NOT_FOUND', 'No upload waits for this piece.', ['id']);
    const { startsAt, partnerId } = kept;
    await rows(
      tx,
      `INSERT INTO partners.activity_upload_piece (upload_id, starts_at, content) VALUES ($1, $2, $3)`,
      [given.id, startsAt, content],
    );
    if (!isLast) return null;
    await recordAct(tx, viewer, {
      action: 'uploadActivities',
      subject: { type: 'Partner', id: partnerId },
      after: { upload: given.id, bytes: startsAt + BigInt(content.length) },
      at,
    });
    return given.id;
  });
}

async function begin(
  tx: Database,
  given: z.output<typeof piece>,
  { viewer, at, max }: { viewer: Viewer; at: Date; max: number },
): Promise<void> {
  const partnerId = viewer.partnerId ?? given.partnerId;
  if (!partnerId) throw new Refusal('INVALID', 'partnerId: is needed by staff.', ['partnerId']);
  requireOwn(viewer, given.partnerId ?? partnerId);
  requireNotTerminated(await lockPartner(tx, partnerId, ['partnerId']));
  const [held] = await rows<{ count: number }>(
    tx,
    `SELECT count(*)::int AS count FROM partners.activity_upload u
     WHERE u.partner_id = $1 AND NOT EXISTS (
       SELECT FROM partners.activity_import i WHERE i.upload_id = u.id AND NOT i.dry_run)`,
    [partnerId],
  );
  if (held!.count >= max) {
    const message = `${max} files wait to be imported: import them, or wait until they are cleared.`;
    throw new Refusal('LIMIT_REACHED', message, [], { limit: String(max) });
  }
  const upload = tx.create(ActivityUpload, {
    id: given.id,
    partnerId,
    sandbox: viewer.sandbox,
    fileName: given.fileName,
    pieces: 0,
    bytes: 0n,
    touchedAt: at,
    endedAt: null,
  });
  if (await insertOnce(tx, ActivityUpload, upload)) return;
  throw new Refusal('CONFLICT', 'There is such an upload.', ['id']);
}

/** Forgets an upload of the caller's that was cut short; one that is whole stays. @returns nothing: it has no name */
export async function dropUpload(
  db: Database,
  uploadId: string,
  { viewer, clock }: Pick<UploadFacts, 'viewer' | 'clock'>,
): Promise<null> {
  const given = parseInput(id, uploadId, ['id']);
  return transaction(db, async (tx) => {
    const [dropped] = await rows<{ partnerId: string }>(
      tx,
      `WITH dropped AS (
         DELETE FROM partners.activity_upload
         WHERE id = $1 AND ended_at IS NULL AND sandbox = $2 AND ($3::uuid IS NULL OR partner_id = $3)
         RETURNING partner_id AS "partnerId")
       SELECT * FROM dropped`,
      [given, viewer.sandbox, viewer.partnerId],
    );
    if (!dropped) return null;
    await recordAct(tx, viewer, {
      action: 'dropUpload',
      subject: { type: 'Partner', id: dropped.partnerId },
      before: { upload: given },
      at: await clock.now(tx),
    });
    return null;
  });
}

/**
 * The bytes of an upload from one on, a piece at a time.
 *
 * @throws Refusal NOT_FOUND where it is gone, from the stream
 */
export function readUpload(db: Database, uploadId: string, from: number): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = from; ;) {
      const [found] = await rows<{ startsAt: bigint; content: Buffer }>(
        db,
        `SELECT starts_at AS "startsAt", content FROM partners.activity_upload_piece
         WHERE upload_id = $1 AND starts_at <= $2 ORDER BY starts_at DESC LIMIT 1`,
        [uploadId, at],
      );
      if (!found) throw new Refusal('NOT_FOUND', 'The file is gone.', ['upload']);
      const rest = found.content.subarray(at - Number(found.startsAt));
      if (rest.length === 0) return;
      yield rest;
      at += rest.length;
    }
  }
  // No more than the next piece is read ahead.
  return Readable.from(pieces(), { objectMode: false, highWaterMark: 1 });
}
