import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import type { Limits } from '../../../platform/limits.ts';
import { type Viewer, isOwn, requireOwn } from '../../../platform/viewer.ts';
import { activityKinds } from '../activities/particulars.ts';
import { lockPartner } from '../brands/partners.ts';
import { finish } from './endings.ts';
import { ActivityImport, ActivityUpload } from './entities.ts';
import { openActivityFile } from './files.ts';
import { readUpload } from './uploads.ts';

const order = z.object({
  partnerId: id,
  kind: z.enum(activityKinds),
  upload: id,
  enrol: z.boolean().nullish(),
  dryRun: z.boolean().nullish(),
});

export type StartImport = z.input<typeof order>;

interface ImportFacts {
  viewer: Viewer;
  clock: Clock;
  limits: Pick<Limits, 'partnerImports'>;
}

/**
 * Leaves an upload to the worker, which posts its rows. Its head is read at once: a file that cannot be
 * imported at all is refused, and stays.
 *
 * One upload is imported once, and before that tried once by a dry run: the same call again gives the same
 * import.
 *
 * @throws Refusal INVALID also for a file without the columns of its kind; NOT_FOUND the partner is another's, or
 *   there is no such upload, or none any more; PARTNER_INACTIVE; LIMIT_REACHED too many imports have not ended;
 *   IDEMPOTENCY_MISMATCH the upload is imported as another kind, or with `enrol` otherwise
 */
export async function startImport(
  db: Database,
  input: StartImport,
  { viewer, clock, limits }: ImportFacts,
): Promise<ActivityImport> {
  const given = parseInput(order, input);
  const { partnerId, kind, upload: uploadId } = given;
  const [enrol, dryRun] = [given.enrol ?? false, given.dryRun ?? false];
  requireOwn(viewer, partnerId);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['partnerId']);
    const half = { partnerId, sandbox: viewer.sandbox };
    const first = await tx.findOneBy(ActivityImport, { ...half, uploadId, dryRun });
    if (first) return repeated(first, { kind, enrol });
    if (partner.status !== 'LIVE') {
      throw new Refusal('PARTNER_INACTIVE', 'This partner is not live.', ['partnerId']);
    }
    await requireRoom(tx, partnerId, limits.partnerImports);
    const at = await clock.now(tx);
    const upload = await takeUpload(tx, { ...half, id: uploadId }, at);
    const { columns, start } = await readHead(tx, upload, { kind, enrol });
    const started = tx.create(ActivityImport, {
      id: randomUUID(),
      ...half,
      uploadId,
      fileName: upload.fileName,
      kind,
      enrol,
      dryRun,
      backdates: viewer.audience === 'ADMIN',
      columns,
      status: 'QUEUED',
      failure: null,
      counted: 0,
      countedTo: BigInt(start.byte),
      countedLine: start.line,
      total: null,
      rows: 0,
      readTo: BigInt(start.byte),
      readLine: start.line,
      posted: 0,
      refunded: 0,
      duplicates: 0,
      rejected: 0,
      faults: 0,
      startedAt: at,
      workedAt: at,
      finishedAt: null,
    });
    await tx.insert(ActivityImport, started);
    await recordAct(tx, viewer, {
      action: 'startImport',
      subject: { type: 'ActivityImport', id: started.id },
      after: { partnerId, kind, upload: uploadId, enrol, dryRun },
      at,
    });
    return started;
  });
}

function repeated(
  first: ActivityImport,
  given: Pick<ActivityImport, 'kind' | 'enrol'>,
): ActivityImport {
  if (first.kind === given.kind && first.enrol === given.enrol) return first;
  const message = 'This upload is imported already, as another kind or with another enrol.';
  throw new Refusal('IDEMPOTENCY_MISMATCH', message, ['upload'], { subject: first.id });
}

async function requireRoom(tx: Database, partnerId: string, max: number): Promise<void> {
  const [open] = await rows<{ count: number }>(
    tx,
    `SELECT count(*)::int AS count FROM partners.activity_import
     WHERE partner_id = $1 AND finished_at IS NULL`,
    [partnerId],
  );
  if (open!.count < max) return;
  const message = `${max} imports have not ended: wait for one, or cancel it.`;
  throw new Refusal('LIMIT_REACHED', message, ['partnerId'], { limit: String(max) });
}

/** The upload, which is kept as if it had just come: nobody clears it meanwhile. */
async function takeUpload(
  tx: Database,
  wanted: Pick<ActivityUpload, 'id' | 'partnerId' | 'sandbox'>,
  at: Date,
): Promise<ActivityUpload> {
  await tx.update(ActivityUpload, wanted, { touchedAt: at });
  const upload = await tx.findOneBy(ActivityUpload, wanted);
  if (upload?.endedAt) return upload;
  throw new Refusal('NOT_FOUND', 'There is no such upload.', ['upload']);
}

async function readHead(
  tx: Database,
  { id: uploadId, fileName }: ActivityUpload,
  { kind, enrol }: Pick<ActivityImport, 'kind' | 'enrol'>,
) {
  const source = readUpload(tx, uploadId, 0);
  try {
    const { columns, start, format } = await openActivityFile(source, { fileName, kind });
    if (enrol && !format.namesAccounts(columns)) {
      throw new Refusal('INVALID', 'enrol: needs the column customer.', ['enrol']);
    }
    return { columns, start };
  } catch (error) {
    if (!(error instanceof Refusal) || error.inputPath.length > 0) throw error;
    throw new Refusal(error.code, `upload: ${error.message}`, ['upload']);
  } finally {
    source.destroy();
  }
}

/**
 * Ends an import that has not ended: what is posted stays posted. Again: the same answer.
 *
 * @throws Refusal NOT_FOUND also for another partner's; CONFLICT it has ended otherwise
 */
export async function cancelImport(
  db: Database,
  importId: string,
  { viewer, clock }: Pick<ImportFacts, 'viewer' | 'clock'>,
): Promise<ActivityImport> {
  const wanted = parseInput(id, importId, ['id']);
  return transaction(db, async (tx) => {
    const found = await tx.findOne(ActivityImport, {
      where: { id: wanted, sandbox: viewer.sandbox },
      // A batch that is under way ends without what it has done.
      lock: { mode: 'pessimistic_write' },
    });
    if (!found || !isOwn(viewer, found.partnerId)) {
      throw new Refusal('NOT_FOUND', 'There is no such import.', ['id']);
    }
    if (found.status === 'CANCELLED') return found;
    if (found.finishedAt) {
      throw new Refusal('CONFLICT', 'This import has ended.', ['id'], { subject: found.status });
    }
    const at = await clock.now(tx);
    await recordAct(tx, viewer, {
      action: 'cancelImport',
      subject: { type: 'ActivityImport', id: found.id },
      before: { status: found.status },
      after: { status: 'CANCELLED' },
      at,
    });
    return finish(tx, found, { status: 'CANCELLED', at });
  });
}

/** The import with this id; whose it is not sees none. */
export async function findImport(db: Database, importId: string): Promise<ActivityImport | null> {
  return db.findOneBy(ActivityImport, { id: parseInput(id, importId, ['id']) });
}
