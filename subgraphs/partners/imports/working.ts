import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Reporter } from '../activities/reports.ts';
import { readProgram } from '../program.ts';
import { finish } from './endings.ts';
import { ActivityImport } from './entities.ts';
import type { Place } from './file-format.ts';
import { formatOf } from './files.ts';
import { type BatchOutcome, type FileBatch, readBatches, recordBatch } from './imports.ts';
import { readUpload } from './uploads.ts';

interface Working {
  clock: Clock;
  /** Asked between batches: where it may not, another run goes on. */
  mayGoOn: () => boolean;
}

/** The system fails that often in a row before an import is given up. */
const faultsMax = 5;
/** Characters of what is said of a rejected row. */
const messageMax = 500;
/** Rows that are counted between two questions whether to go on. */
const countedAtOnce = 1_000;

/** Somebody else has gone on with the import, or ended it: what was done here is to be undone. */
class Superseded extends Error {}

/** Carries out of a transaction what would have come of a batch. */
class Tried extends Error {
  readonly outcome: BatchOutcome;

  constructor(outcome: BatchOutcome) {
    super('Nothing is to be kept.');
    this.outcome = outcome;
  }
}

/**
 * Takes the import that has waited longest and works on it for a while: first its rows are counted, then
 * they are recorded, batch by batch. What comes of a batch is kept in its transaction, with the place that it
 * ends at, so that each row counts once, whenever a worker is cut short.
 *
 * @returns how many rows it counted or recorded; null where no import waits
 */
export async function workOnNext(db: Database, working: Working): Promise<number | null> {
  const taken = await takeNext(db);
  if (!taken) return null;
  try {
    if (taken.total === null) return await countRows(db, taken, working);
    return await recordRows(db, taken, working);
  } catch (error) {
    if (error instanceof Superseded || isHeld(error)) return 0;
    await noteFault(db, taken, working.clock);
    throw error;
  }
}

/** Whether there is anything for `workOnNext`. */
export async function isImportWaiting(db: Database): Promise<boolean> {
  const [found] = await rows<{ waits: boolean }>(
    db,
    'SELECT EXISTS (SELECT FROM partners.activity_import WHERE finished_at IS NULL) AS waits',
  );
  return found!.waits;
}

/** Others hold the same rows for now: what was done here is undone, and the import's next turn comes. */
function isHeld(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'IN_PROGRESS';
}

async function takeNext(db: Database): Promise<ActivityImport | null> {
  const [taken] = await rows<{ id: string }>(
    db,
    `WITH taken AS (
       UPDATE partners.activity_import SET status = 'RUNNING', worked_at = clock_timestamp()
       WHERE id = (SELECT id FROM partners.activity_import WHERE finished_at IS NULL
                   ORDER BY worked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id)
     SELECT id FROM taken`,
  );
  return taken ? db.findOneBy(ActivityImport, { id: taken.id }) : null;
}

function rowsFrom(db: Database, { uploadId, fileName }: ActivityImport, from: Place) {
  return formatOf(fileName).rowsOf(readUpload(db, uploadId, from.byte), from);
}

/** Counts rows from where it was left. @returns how many */
async function countRows(db: Database, taken: ActivityImport, working: Working): Promise<number> {
  let next: Place = { byte: Number(taken.countedTo), line: taken.countedLine };
  let counted = 0;
  let isWhole = true;
  try {
    for await (const row of rowsFrom(db, taken, next)) {
      next = row.next;
      counted++;
      if (counted % countedAtOnce > 0 || working.mayGoOn()) continue;
      isWhole = false;
      break;
    }
  } catch (error) {
    // What cannot be read is no row: whoever records the others says so.
    if (!(error instanceof Refusal)) throw error;
  }
  const sum = taken.counted + counted;
  const { affected } = await db.update(
    ActivityImport,
    { id: taken.id, status: 'RUNNING', counted: taken.counted },
    {
      counted: sum,
      countedTo: BigInt(next.byte),
      countedLine: next.line,
      total: isWhole ? sum : null,
    },
  );
  if (affected === 0) throw new Superseded();
  return counted;
}

/** Records rows from where it was left, to the end of the file or as long as it may. @returns how many */
async function recordRows(db: Database, taken: ActivityImport, working: Working): Promise<number> {
  const { kind, columns } = taken;
  const { timeZone } = await readProgram(db);
  let done = taken.rows;
  let failure: string | null = null;
  try {
    const from: Place = { byte: Number(taken.readTo), line: taken.readLine };
    const file = { format: formatOf(taken.fileName), columns, rows: rowsFrom(db, taken, from) };
    for await (const batch of readBatches(file, { kind, timeZone })) {
      await keepBatch(db, { taken, batch, done, working });
      done += batch.rows.length;
      if (!working.mayGoOn()) return done - taken.rows;
    }
  } catch (error) {
    if (!(error instanceof Refusal) || isHeld(error)) throw error;
    failure = error.message;
  }
  await end(db, taken, { done, failure }, working.clock);
  return done - taken.rows;
}

interface Batch {
  taken: ActivityImport;
  batch: FileBatch;
  /** Rows before it. */
  done: number;
  working: Working;
}

/**
 * Records a batch and keeps what came of it, in one transaction: all of it or nothing. Of a dry run, what was
 * recorded is undone first.
 *
 * @throws Superseded
 * @throws Refusal IN_PROGRESS others hold the same rows
 */
async function keepBatch(
  db: Database,
  { taken, batch, done, working: { clock } }: Batch,
): Promise<void> {
  const { partnerId, sandbox, backdates, enrol: enrols, dryRun, columns } = taken;
  const format = formatOf(taken.fileName);
  const reporter: Reporter = { partnerId, sandbox, backdates, enrols };
  const { next } = batch.rows.at(-1)!;
  try {
    await transaction(db, async (tx) => {
      const by = { reporter, clock, tries: 1 };
      const outcome = await recordBatch(tx, { format, columns }, batch, by);
      if (outcome.isBusy) throw new Refusal('IN_PROGRESS', 'Others are at work on the same rows.');
      if (dryRun) throw new Tried(outcome);
      await keepOutcome(tx, taken, { done, outcome, next });
    });
  } catch (error) {
    if (!(error instanceof Tried)) throw error;
    const { outcome } = error;
    await transaction(db, (tx) => keepOutcome(tx, taken, { done, outcome, next }));
  }
}

async function keepOutcome(
  tx: Database,
  { id }: ActivityImport,
  {
    done,
    outcome: { tally, rejections },
    next,
  }: { done: number; outcome: BatchOutcome; next: Place },
): Promise<void> {
  const [kept] = await rows(
    tx,
    `WITH kept AS (
       UPDATE partners.activity_import
       SET rows = rows + $3, posted = posted + $4, refunded = refunded + $5,
           duplicates = duplicates + $6, rejected = rejected + $7, read_to = $8, read_line = $9,
           faults = 0
       WHERE id = $1 AND status = 'RUNNING' AND rows = $2
       RETURNING 1)
     SELECT FROM kept`,
    [
      id,
      done,
      tally.rows,
      tally.posted,
      tally.refunded,
      tally.alreadyThere,
      tally.rejected,
      next.byte,
      next.line,
    ],
  );
  if (!kept) throw new Superseded();
  if (rejections.length === 0) return;
  await rows(
    tx,
    `INSERT INTO partners.import_rejection (import_id, line, code, field, message)
     SELECT $1, r.line, r.code, r.field, left(r.message, $3)
     FROM jsonb_to_recordset($2) AS r (line integer, code text, field text, message text)`,
    [id, JSON.stringify(rejections), messageMax],
  );
}

/** @throws Superseded */
async function end(
  db: Database,
  taken: ActivityImport,
  { done, failure }: { done: number; failure: string | null },
  clock: Clock,
): Promise<void> {
  await transaction(db, async (tx) => {
    const found = await tx.findOne(ActivityImport, {
      where: { id: taken.id, status: 'RUNNING', rows: done },
      lock: { mode: 'pessimistic_write' },
    });
    if (!found) throw new Superseded();
    const status = failure === null ? 'DONE' : 'FAILED';
    await finish(tx, found, { status, failure, at: await clock.now(tx) });
  });
}

/** After a few faults in a row an import has failed: it would keep workers from others for good. */
async function noteFault(db: Database, { id }: ActivityImport, clock: Clock): Promise<void> {
  await transaction(db, async (tx) => {
    const found = await tx.findOne(ActivityImport, {
      where: { id, status: 'RUNNING' },
      lock: { mode: 'pessimistic_write' },
    });
    if (!found) return;
    await tx.update(ActivityImport, { id }, { faults: found.faults + 1 });
    if (found.faults + 1 < faultsMax) return;
    const failure = 'The system failed at these rows again and again.';
    await finish(tx, found, { status: 'FAILED', failure, at: await clock.now(tx) });
  });
}
