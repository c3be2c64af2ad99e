import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { itemsMax, recordActivities } from '../activities/activities.ts';
import type { Recorded } from '../activities/batches.ts';
import type { RecordActivity, Reporter } from '../activities/reports.ts';
import { type RefundUnnamed, type Refunded, refundUnnamed } from '../refunds/unnamed.ts';

/** What a row reports: something that a member did, or a return that names no purchase. */
export type Entry = { activity: RecordActivity } | { refund: RefundUnnamed };

interface Booking {
  reporter: Reporter;
  clock: Clock;
  /** How often it asks, while others are at work on the same rows. */
  tries: number;
}

interface Booked {
  answers: readonly (Recorded | Refunded)[];
  enrolled: number;
}

/**
 * Books a batch of entries, of each member in the order in which they come: a purchase stands before it is
 * returned, and caps are free before the next one. Entries of different members have nothing to do with one
 * another, so that as many as can be go together: each such call is a transaction, inside of the caller's
 * where it has one.
 *
 * @returns what became of each, in their order, how many members were made, and whether some are refused
 *   because others are at work on the same rows
 */
export async function bookEntries(
  db: Database,
  entries: readonly Entry[],
  by: Booking,
): Promise<{ booked: (Recorded | Refunded)[]; enrolled: number; isBusy: boolean }> {
  const answers = new Map<Entry, Recorded | Refunded>();
  let enrolled = 0;
  for (const call of roundsOf(entries).flatMap(callsOf)) {
    const done = await patiently(() => book(db, call, by), by.tries);
    enrolled += done.enrolled;
    call.forEach((each, index) => answers.set(each, done.answers[index]!));
  }
  const booked = entries.map((each) => answers.get(each)!);
  return { booked, enrolled, isBusy: booked.some(isHeld) };
}

/** Books a call's worth of entries of one sort. */
async function book(db: Database, call: readonly Entry[], by: Booking): Promise<Booked> {
  const activities = call.flatMap((each) => ('activity' in each ? [each.activity] : []));
  if (activities.length > 0) {
    const { recorded, enrolled } = await recordActivities(db, activities, by);
    return { answers: recorded, enrolled };
  }
  const refunds = call.flatMap((each) => ('refund' in each ? [each.refund] : []));
  return { answers: await refundUnnamed(db, refunds, by), enrolled: 0 };
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

/** A round in as few calls as take its items. */
function callsOf(round: readonly Entry[]): Entry[][] {
  const calls: Entry[][] = [];
  let room = 0;
  for (const entry of round) {
    const items = 'activity' in entry ? (entry.activity.items?.length ?? 0) : 0;
    if (calls.length === 0 || items > room) {
      calls.push([]);
      room = itemsMax;
    }
    calls.at(-1)!.push(entry);
    room -= items;
  }
  return calls;
}

const pauseMs = 250;

/** Asks again while another call is at work on the same rows: another import of the file, say. */
async function patiently(ask: () => Promise<Booked>, triesMax: number): Promise<Booked> {
  for (let tries = 1; ; tries++) {
    const done = await ask();
    if (!done.answers.some(isHeld) || tries === triesMax) return done;
    await sleep(pauseMs);
  }
}

function isHeld(answer: Recorded | Refunded): boolean {
  return answer instanceof Refusal && answer.code === 'IN_PROGRESS';
}
