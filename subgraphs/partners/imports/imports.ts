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
import type { ActivityFile, FileRow } from './files.ts';
import { inColumns, rowReader } from './rows.ts';

/** What has become of a file's rows so far. */
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
  message: string;
}

export interface ImportOrder {
  /** Dates back as it may, and enrols if it may. */
  reporter: Reporter;
  kind: RecordActivity['kind'];
  clock: Clock;
  /** Hears of the rejected rows of each batch, in the file's order. */
  reject(rejections: Rejection[]): Promise<void>;
  /** Hears of each batch's end; false stops there. */
  goOn(tally: Readonly<ImportTally>): boolean;
}

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
  const readRow = rowReader(file.columns, { kind: order.kind, timeZone });
  const tally: ImportTally = {
    rows: 0,
    posted: 0,
    withoutPoints: 0,
    refunded: 0,
    alreadyThere: 0,
    rejected: 0,
    points: 0n,
    enrolled: 0,
  };
  for await (const batch of batchesOf(file.rows)) {
    const read = batch.map((row) => orRefusal(() => readRow(row)));
    const entries = read.filter((entry) => !(entry instanceof Refusal)) as Entry[];
    const { booked, enrolled } = await bookEntries(db, entries, order);
    const answers = booked.values();
    const rejections: Rejection[] = [];
    batch.forEach((row, index) => {
      const entry = read[index]!;
      const answer = entry instanceof Refusal ? entry : answers.next().value!;
      count(tally, answer);
      if (answer instanceof Refusal) {
        rejections.push({ ...row, code: answer.code, message: inColumns(answer) });
      }
    });
    tally.enrolled += enrolled;
    await order.reject(rejections);
    if (!order.goOn(tally)) break;
  }
}

/** @throws what ends the rows, after what was read before it */
async function* batchesOf(rows: AsyncIterable<FileRow>): AsyncGenerator<FileRow[]> {
  let batch: FileRow[] = [];
  let fault: unknown;
  try {
    for await (const row of rows) {
      batch.push(row);
      if (batch.length < activitiesMax) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    fault = error;
  }
  if (batch.length > 0) yield batch;
  if (fault) throw fault;
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
