import type { Clock } from '../../../platform/clock.ts';
import type { UserErrorCode } from '../../../platform/contract.generated.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal, orRefusal } from '../../../platform/errors.ts';
import { activitiesMax } from '../activities/activities.ts';
import type { Recorded } from '../activities/batches.ts';
import type { RecordActivity, Reporter } from '../activities/reports.ts';
import { readProgram } from '../program.ts';
import type { Refunded } from '../refunds/unnamed.ts';
import { type Entry, bookEntries } from './bookings.ts';
import type { FileRow, RowSense } from './file-format.ts';
import type { ActivityFile } from './files.ts';

/** What has become of rows. */
export interface ImportTally {
  rows: number;
  posted: number;
  /** Of the posted ones. */
  withoutPoints: number;
  /** Returns that have taken something back. */
  refunded: number;
  alreadyThere: number;
  rejected: number;
  /** Of the posted ones, less what the returns took back. */
  points: bigint;
  /** Members made. */
  enrolled: number;
}

/** A row that is not posted, and why. */
export interface Rejection extends FileRow {
  code: UserErrorCode;
  /** What the file calls what is at fault; null where it is nothing alone. */
  field: string | null;
  message: string;
}

/** What came of a batch of rows. */
export interface BatchOutcome {
  tally: ImportTally;
  rejections: Rejection[];
  /** Others are at work on the same rows: to be asked again. */
  isBusy: boolean;
}

interface Recording {
  /** Dates back as it may, and enrols if it may. */
  reporter: Reporter;
  clock: Clock;
  /** How often it asks, while others are at work on the same rows: another import of the file, say. */
  tries: number;
}

export interface ImportOrder extends Omit<Recording, 'tries'> {
  kind: RecordActivity['kind'];
  /** Hears of the rejected rows of each batch, in the file's order. */
  reject(rejections: Rejection[]): Promise<void>;
  /** Hears of each batch's end; false stops there. */
  goOn(tally: Readonly<ImportTally>): boolean;
}

/** How often the command asks for rows that others hold. */
const triesMax = 20;

/**
 * Records a file of activities, in batches: each row is posted, a negative one taken back, was there
 * already, or is rejected.
 * The same file again posts nothing; after a stop or a fault, it goes on where it was.
 *
 * @throws Refusal INVALID the file cannot be read to its end; what stands before is recorded
 */
export async function importActivities(
  db: Database,
  file: ActivityFile,
  order: ImportOrder,
): Promise<void> {
  const { timeZone } = await readProgram(db);
  let sum = nothing;
  for await (const batch of readBatches(file, { kind: order.kind, timeZone })) {
    const { tally, rejections } = await recordBatch(db, file, batch, { ...order, tries: triesMax });
    sum = added(sum, tally);
    await order.reject(rejections);
    if (!order.goOn(sum)) break;
  }
}

/** Rows that are booked together. */
export interface FileBatch {
  rows: FileRow[];
  /** What each reports, or why it cannot be read. */
  read: (Entry | Refusal)[];
}

/**
 * Reads a file's rows in batches, the next one while the caller is at work on one.
 *
 * @throws what ends the rows, after what was read before it
 */
export function readBatches(
  file: Omit<ActivityFile, 'start'>,
  sense: RowSense,
): AsyncGenerator<FileBatch> {
  const readRow = file.format.rowReader(file.columns, sense);
  async function* read(): AsyncGenerator<FileBatch> {
    for await (const rows of batchesOf(file.rows)) {
      yield { rows, read: rows.map((row) => orRefusal(() => readRow(row))) };
    }
  }
  return ahead(read());
}

/** The same values, each asked for before the one in front of it is dealt with. */
async function* ahead<Value>(values: AsyncGenerator<Value>): AsyncGenerator<Value> {
  const ask = () => {
    const asked = values.next();
    // It is heard where it is waited for.
    asked.catch(() => {});
    return asked;
  };
  try {
    for (let next = ask(); ;) {
      const { value, done } = await next;
      if (done) return;
      next = ask();
      yield value;
    }
  } finally {
    await values.return(undefined);
  }
}

/** Books a batch in as few transactions as `bookEntries` needs. */
export async function recordBatch(
  db: Database,
  { format, columns }: Pick<ActivityFile, 'format' | 'columns'>,
  { rows, read }: FileBatch,
  by: Recording,
): Promise<BatchOutcome> {
  const entries = read.filter((entry) => !(entry instanceof Refusal)) as Entry[];
  const { booked, enrolled, isBusy } = await bookEntries(db, entries, by);
  const tally: ImportTally = { ...nothing, enrolled };
  const answers = booked.values();
  const rejections: Rejection[] = [];
  rows.forEach((row, index) => {
    const entry = read[index]!;
    const answer = entry instanceof Refusal ? entry : answers.next().value!;
    count(tally, answer);
    if (!(answer instanceof Refusal)) return;
    rejections.push({ ...row, code: answer.code, ...format.inItsWords(answer, columns) });
  });
  return { tally, rejections, isBusy };
}

/** Rows that are read ahead for a batch: of many items, fewer. */
const batchBytes = 250_000;

/** @throws what ends the rows, after what was read before it */
async function* batchesOf(rows: AsyncIterable<FileRow>): AsyncGenerator<FileRow[]> {
  let batch: FileRow[] = [];
  let start: number | null = null;
  let fault: unknown;
  try {
    for await (const row of rows) {
      start ??= row.next.byte;
      batch.push(row);
      if (batch.length < activitiesMax && row.next.byte - start < batchBytes) continue;
      yield batch;
      [batch, start] = [[], null];
    }
  } catch (error) {
    fault = error;
  }
  if (batch.length > 0) yield batch;
  if (fault) throw fault;
}

const nothing: Readonly<ImportTally> = {
  rows: 0,
  posted: 0,
  withoutPoints: 0,
  refunded: 0,
  alreadyThere: 0,
  rejected: 0,
  points: 0n,
  enrolled: 0,
};

function added(a: ImportTally, b: ImportTally): ImportTally {
  return {
    rows: a.rows + b.rows,
    posted: a.posted + b.posted,
    withoutPoints: a.withoutPoints + b.withoutPoints,
    refunded: a.refunded + b.refunded,
    alreadyThere: a.alreadyThere + b.alreadyThere,
    rejected: a.rejected + b.rejected,
    points: a.points + b.points,
    enrolled: a.enrolled + b.enrolled,
  };
}

function count(tally: ImportTally, answer: Recorded | Refunded): void {
  tally.rows++;
  if (answer instanceof Refusal) tally.rejected++;
  else if (!answer.isNew) tally.alreadyThere++;
  else if ('refund' in answer) {
    tally.refunded++;
    tally.points -= answer.points;
  } else {
    const { points } = answer.activity;
    tally.posted++;
    tally.points += points;
    if (points === 0n) tally.withoutPoints++;
  }
}
