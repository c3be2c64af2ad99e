import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordActivities } from '../activities/activities.ts';
import type { Recorded } from '../activities/batches.ts';
import type { RecordActivity, Reporter } from '../activities/reports.ts';
import { type RefundUnnamed, type Refunded, refundUnnamed } from '../refunds/unnamed.ts';

/** What a row reports: something that a member did, or a return that names no purchase. */
export type Entry = { activity: RecordActivity } | { refund: RefundUnnamed };

interface Booking {
  reporter: Reporter;
  clock: Clock;
}

/**
 * Books a batch of entries, of each member in the order in which they come: a purchase stands before it is
 * returned, and caps are free before the next one. Entries of different members have nothing to do with one
 * another, so that as many as can be go together.
 *
 * @returns what became of each, in their order, and how many members were made
 */
export async function bookEntries(
  db: Database,
  entries: readonly Entry[],
  by: Booking,
): Promise<{ booked: (Recorded | Refunded)[]; enrolled: number }> {
  const answers = new Map<Entry, Recorded | Refunded>();
  let enrolled = 0;
  for (const round of roundsOf(entries)) {
    const activities = round.flatMap((each) => ('activity' in each ? [each.activity] : []));
    const refunds = round.flatMap((each) => ('refund' in each ? [each.refund] : []));
    if (activities.length > 0) {
      const done = await patiently(
        () => recordActivities(db, activities, by),
        ({ recorded }) => recorded,
      );
      enrolled += done.enrolled;
      round.forEach((each, index) => answers.set(each, done.recorded[index]!));
    } else {
      const done = await patiently(
        () => refundUnnamed(db, refunds, by),
        (refunded) => refunded,
      );
      round.forEach((each, index) => answers.set(each, done[index]!));
    }
  }
  return { booked: entries.map((each) => answers.get(each)!), enrolled };
}

/** Activities and returns by turns, each member's in their order. */
function roundsOf(entries: readonly Entry[]): Entry[][] {
  const rounds: Entry[][] = [];
  /** The round of each member's last entry. */
  const last = new Map<string, number>();
  for (const entry of entries) {
    const member = JSON.stringify(('activity' in entry ? entry.activity : entry.refund).member);
    const round = last.get(member) ?? 0;
    // Returns are in the rounds with an odd number.
    const own = 'refund' in entry === (round % 2 === 1) ? round : round + 1;
    last.set(member, own);
    (rounds[own] ??= []).push(entry);
  }
  return rounds.filter((round) => round.length > 0);
}

const triesMax = 20;
const pauseMs = 250;

/** Asks again while another call is at work on the same rows: another import of the file, say. */
async function patiently<Answer>(
  ask: () => Promise<Answer>,
  answersIn: (answer: Answer) => readonly unknown[],
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    const isBusy = answersIn(answer).some(
      (each) => each instanceof Refusal && each.code === 'IN_PROGRESS',
    );
    if (!isBusy || tries === triesMax) return answer;
    await sleep(pauseMs);
  }
}
