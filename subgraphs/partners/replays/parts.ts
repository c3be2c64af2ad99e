import { setImmediate as turn } from 'node:timers/promises';
import { Big } from 'big.js';
import { type Database, rows } from '../../../platform/database.ts';
import { consentingMembers } from '../../../platform/members.ts';
import { type Told, factsOf } from '../activities/facts.ts';
import { type MemberSnapshot, memberSnapshots } from '../activities/members.ts';
import type { PartnerDetails } from '../brands/rows.ts';
import { earnToSpend } from '../earning/earning.ts';
import type { Facts } from '../earning/facts.ts';
import type { EarnRule } from '../earning/rows.ts';
import { tradeRatesOf } from '../earning/trade-rates.ts';
import { UsageBook, remembers } from '../earning/usage.ts';
import { booksBefore } from './usage-before.ts';

/** A replay, with the next of its parts. */
export interface TakenReplay {
  id: string;
  partnerId: string;
  partner: Facts['partner'];
  details: PartnerDetails | null;
  ruleSetId: string;
  rules: EarnRule[];
  firstDay: string;
  timeZone: string;
  /** Whether its parts are there. */
  listed: boolean;
  /** Null where none is left. */
  place: number | null;
  activityIds: string[] | null;
}

/** An activity, as it was recorded. */
interface Replayed extends Told {
  memberId: string;
  /** What makes its money the contract's; null where it is. */
  rate: string | null;
  /** What rules gave, without offers. */
  points: bigint;
  issuePrice: string;
  day: string;
  dayOfWeek: number;
  hour: number;
}

/** What rules gave when it was recorded, and what those that are tried give. */
type Side = 'recorded' | 'replayed';

/** Who trusts the brand no more. */
const stranger: Omit<MemberSnapshot, 'id'> = {
  status: 'ACTIVE',
  tier: null,
  earnMultiplier: '1',
  segments: [],
};

/** Works out a part of a replay, some rows at a time, and adds what it comes to. */
export async function replayPart(
  tx: Database,
  replay: TakenReplay,
  rowsMax: number,
): Promise<void> {
  const { id, place, activityIds } = replay;
  const part = new Part(replay);
  for await (const { activities, members, books } of readPart(
    tx,
    replay,
    activityIds ?? [],
    rowsMax,
  )) {
    let judged = 0;
    for (const activity of activities) {
      const { memberId } = activity;
      const member = members.get(memberId) ?? { id: memberId, ...stranger };
      part.add(activity, member, () => books.get(memberId) ?? new UsageBook());
      // The next ones are read meanwhile, by more than one question.
      if (++judged % judgedAtOnce === 0) await turn();
    }
  }
  const { activities, points, cost, betterOff, worseOff } = part.total();
  await rows(tx, 'SELECT partners.keep_replay_part($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    id,
    place,
    activities,
    points.recorded,
    points.replayed,
    cost.recorded.toFixed(),
    cost.replayed.toFixed(),
    betterOff,
    worseOff,
  ]);
}

/** Rows of a part, and what they are judged by. */
interface Read {
  activities: Replayed[];
  members: ReadonlyMap<string, MemberSnapshot>;
  books: ReadonlyMap<string, UsageBook>;
}

/** Activities that are judged between two looks at what has been read. */
const judgedAtOnce = 200;

/** Reads so many rows at a time, the next ones while the caller judges. */
async function* readPart(
  tx: Database,
  replay: TakenReplay,
  ids: string[],
  rowsMax: number,
): AsyncGenerator<Read> {
  const read = (from: number) => {
    const reading =
      from < ids.length ? readSome(tx, replay, ids.slice(from, from + rowsMax)) : null;
    // It is heard where it is waited for.
    reading?.catch(() => {});
    return reading;
  };
  let next = read(0);
  try {
    for (let from = rowsMax; next; from += rowsMax) {
      const some: Read = await next;
      next = read(from);
      yield some;
    }
  } finally {
    // No question of it may come behind the end of the transaction.
    await next?.catch(() => {});
  }
}

async function readSome(tx: Database, replay: TakenReplay, ids: string[]): Promise<Read> {
  const activities = await readActivities(tx, ids, replay.timeZone);
  const memberIds = [...new Set(activities.map(({ memberId }) => memberId))];
  const members = await membersSeen(tx, replay, memberIds);
  const books = await booksBefore(tx, replay, memberIds);
  return { activities, members, books };
}

/** Members as they are now. Of those who trust the brand no more, rules see neither tier nor segments. */
async function membersSeen(
  tx: Database,
  { partnerId }: TakenReplay,
  memberIds: string[],
): Promise<Map<string, MemberSnapshot>> {
  const by = { partnerId, sandbox: false };
  const asked = memberIds.map((memberId) => ({ memberId, by }));
  const trusting = [...(await consentingMembers(tx, asked, 'EARN'))];
  const [row] = await rows<{ at: Date }>(tx, 'SELECT now() AS at');
  const ids = trusting.map(({ memberId }) => memberId);
  return memberSnapshots(tx, ids, row!.at);
}

function readActivities(tx: Database, ids: string[], timeZone: string): Promise<Replayed[]> {
  return rows(
    tx,
    `SELECT member_id AS "memberId", kind, reference, occurred_at AS "occurredAt", amount, currency, tax,
            shipping, discount, points_paid AS "pointsPaid", items, particulars, rate, points,
            issue_price AS "issuePrice", day, day_of_week AS "dayOfWeek", hour
     FROM partners.replayed_activities($1, $2)`,
    [ids, timeZone],
  );
}

/** What a part has come to so far: members one after another, each one's activities in the order of time. */
class Part {
  readonly #replay: TakenReplay;
  readonly #remembers: boolean;
  #member: { id: string; book: UsageBook; gain: bigint } | null = null;
  #activities = 0;
  #betterOff = 0;
  #worseOff = 0;
  /** By issue price. */
  readonly #points = new Map<string, Record<Side, bigint>>();

  constructor(replay: TakenReplay) {
    this.#replay = replay;
    this.#remembers = remembers(replay);
  }

  /** @param bookOf what the member had before, asked once */
  add(activity: Replayed, member: MemberSnapshot, bookOf: () => UsageBook): void {
    if (this.#member?.id !== member.id) {
      this.#closeMember();
      this.#member = { id: member.id, book: bookOf(), gain: 0n };
    }
    const points = this.#earnedBy(activity, member, this.#member.book);
    this.#member.gain += points - activity.points;
    this.#activities++;
    const sums = this.#points.get(activity.issuePrice) ?? { recorded: 0n, replayed: 0n };
    this.#points.set(activity.issuePrice, sums);
    sums.recorded += activity.points;
    sums.replayed += points;
  }

  #earnedBy(activity: Replayed, member: MemberSnapshot, book: UsageBook): bigint {
    const { partnerId, partner, details, ruleSetId, rules } = this.#replay;
    const facts = factsOf(activity, { member, partner, rate: activity.rate, weekTime: activity });
    const occurrence = { memberId: member.id, partnerId, day: activity.day };
    const earned = earnToSpend(
      {
        facts,
        tierMultiplier: member.earnMultiplier,
        rates: tradeRatesOf(details, facts.activity),
        usage: book.of(occurrence),
      },
      { id: ruleSetId, rules },
    );
    if (this.#remembers) book.add(occurrence, earned);
    return earned.points;
  }

  #closeMember(): void {
    const gain = this.#member?.gain ?? 0n;
    if (gain > 0n) this.#betterOff++;
    if (gain < 0n) this.#worseOff++;
  }

  /** After the last activity. */
  total() {
    this.#closeMember();
    const all = [...this.#points];
    const costOf = (side: Side) =>
      all.reduce(
        (sum, [price, of]) => sum.plus(new Big(price).times(of[side].toString())),
        new Big(0),
      );
    const pointsOf = (side: Side) => all.reduce((sum, [, of]) => sum + of[side], 0n);
    return {
      activities: this.#activities,
      points: { recorded: pointsOf('recorded'), replayed: pointsOf('replayed') },
      cost: { recorded: costOf('recorded'), replayed: costOf('replayed') },
      betterOff: this.#betterOff,
      worseOff: this.#worseOff,
    };
  }
}
