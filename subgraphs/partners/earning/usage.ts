import { type Period, startOfPeriod } from '../../../platform/calendar.ts';
import { type Database, rows, toJson } from '../../../platform/database.ts';
import { type Award, type Usage, countedAs } from './caps.ts';
import type { Earned } from './earning.ts';
import type { CapPeriod, Counted, EarnRule } from './rows.ts';

/** Who earns where, and on which day of the program's. */
export interface Occurrence {
  memberId: string;
  partnerId: string;
  day: string;
}

/** Whether what an activity earns under these rules depends on what its member has earned before. */
export function remembers({ rules }: { rules: readonly EarnRule[] }): boolean {
  return rules.some(
    ({ caps, earn }) => earn.stamp !== undefined || caps.some(({ per }) => per !== 'ACTIVITY'),
  );
}

/** What a member has by a rule, in a period of the calendar. */
export interface UsageRow {
  memberId: string;
  partnerId: string;
  rule: string;
  award: Award;
  per: CapPeriod;
  startsOn: string;
  points: bigint;
}

/** Stamps of a member on a card. */
export interface CardRow {
  memberId: string;
  partnerId: string;
  code: string;
  stamps: bigint;
}

const periods: Period[] = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'EVER'];

/**
 * What members have by rules with caps, and by stamps: as it was read, and as a batch adds to it. Who
 * is in it is locked: nobody else counts for them until the transaction ends.
 */
export class UsageBook {
  private readonly points = new Map<string, bigint>();
  private readonly stamps = new Map<string, bigint>();
  private readonly addedPoints = new Map<string, UsageRow>();
  private readonly addedStamps = new Map<string, CardRow>();

  /**
   * Locks and reads what concerns these. One call before all that it is asked about.
   *
   * @param others who are locked with them, in the one order for all
   */
  static async open(
    tx: Database,
    earning: readonly Occurrence[],
    others: readonly Pick<Occurrence, 'memberId' | 'partnerId'>[] = [],
  ): Promise<UsageBook> {
    const all = [...earning, ...others];
    if (all.length > 0) await lockEarning(tx, all);
    return UsageBook.read(tx, earning);
  }

  /** Reads it as it is now, for an answer that nothing is to be added to. */
  static async read(db: Database, earning: readonly Occurrence[]): Promise<UsageBook> {
    if (earning.length === 0) return new UsageBook();
    const memberIds = earning.map(({ memberId }) => memberId);
    const partnerIds = earning.map(({ partnerId }) => partnerId);
    const starts = earning.flatMap(({ day }) => periods.map((each) => startOfPeriod(day, each)));
    const used = await rows<UsageRow>(
      db,
      `SELECT u.member_id AS "memberId", u.partner_id AS "partnerId", u.rule, u.award, u.per,
              u.starts_on::text AS "startsOn", u.points
       FROM partners.earn_usage u
       WHERE (u.member_id, u.partner_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
         AND u.starts_on = ANY ($3::date[])`,
      [memberIds, partnerIds, [...new Set(starts)]],
    );
    const cards = await rows<CardRow>(
      db,
      `SELECT c.member_id AS "memberId", c.partner_id AS "partnerId", c.code, c.stamps
       FROM partners.collected_stamps c
       WHERE (c.member_id, c.partner_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
      [memberIds, partnerIds],
    );
    return UsageBook.of(used, cards);
  }

  /** Begins with what members have. */
  static of(used: readonly UsageRow[], cards: readonly CardRow[]): UsageBook {
    const book = new UsageBook();
    for (const row of used) book.points.set(keyOf(row), BigInt(row.points));
    for (const row of cards) book.stamps.set(cardKeyOf(row), BigInt(row.stamps));
    return book;
  }

  /** Whether there is something to save. */
  get isChanged(): boolean {
    return this.addedPoints.size + this.addedStamps.size > 0;
  }

  /** What one of them has by now. */
  of({ memberId, partnerId, day }: Occurrence): Usage {
    return {
      points: (rule, per, award) => {
        if (per === 'ACTIVITY') return 0n;
        const startsOn = startOfPeriod(day, per);
        return this.points.get(keyOf({ memberId, partnerId, rule, award, per, startsOn })) ?? 0n;
      },
      stamps: (code) => this.stamps.get(cardKeyOf({ memberId, partnerId, code })) ?? 0n,
    };
  }

  /**
   * Adds what an activity earned, so that the next one counts with it.
   *
   * @returns what it has added; null for nothing
   */
  add(
    { memberId, partnerId, day }: Occurrence,
    { counted, stamps }: Pick<Earned, 'counted' | 'stamps'>,
  ): Counted | null {
    const added: Counted = { points: [], stamps: [] };
    for (const { rule, award, points } of counted) {
      for (const { per } of rule.caps) {
        if (per === 'ACTIVITY') continue;
        const startsOn = startOfPeriod(day, per);
        const name = countedAs(rule);
        const row = { memberId, partnerId, rule: name, award, per, startsOn, points };
        const key = keyOf(row);
        this.points.set(key, (this.points.get(key) ?? 0n) + points);
        const before = this.addedPoints.get(key)?.points ?? 0n;
        this.addedPoints.set(key, { ...row, points: before + points });
        const { currency } = rule;
        added.points.push({
          rule: name,
          award,
          per,
          startsOn,
          points: Number(points),
          ...(currency !== undefined && { currency }),
        });
      }
    }
    for (const [code, count] of stamps) {
      const row = { memberId, partnerId, code, stamps: count };
      const key = cardKeyOf(row);
      this.stamps.set(key, (this.stamps.get(key) ?? 0n) + row.stamps);
      const before = this.addedStamps.get(key)?.stamps ?? 0n;
      this.addedStamps.set(key, { ...row, stamps: before + row.stamps });
      added.stamps.push({ code, stamps: Number(count) });
    }
    return added.points.length + added.stamps.length > 0 ? added : null;
  }

  /** Writes what was added. */
  async save(tx: Database): Promise<void> {
    const used = [...this.addedPoints.values()];
    const cards = [...this.addedStamps.values()];
    if (used.length > 0) {
      await rows(
        tx,
        `INSERT INTO partners.earn_usage AS u
           (member_id, partner_id, rule, award, per, starts_on, points)
         SELECT * FROM jsonb_to_recordset($1) AS a ("memberId" uuid, "partnerId" uuid, rule text,
           award text, per text, "startsOn" date, points bigint)
         ON CONFLICT (member_id, partner_id, rule, award, per, starts_on)
           DO UPDATE SET points = u.points + excluded.points`,
        [toJson(used)],
      );
    }
    if (cards.length > 0) {
      const added = `jsonb_to_recordset($1) AS a ("memberId" uuid, "partnerId" uuid, code text, stamps bigint)`;
      await rows(
        tx,
        `INSERT INTO partners.collected_stamps (member_id, partner_id, code, stamps)
         SELECT a."memberId", a."partnerId", a.code, 0 FROM ${added} ON CONFLICT DO NOTHING`,
        [toJson(cards)],
      );
      // Fewer, where a card was full: an insert would have to be valid without what is there.
      await rows(
        tx,
        `UPDATE partners.collected_stamps c SET stamps = c.stamps + a.stamps FROM ${added}
         WHERE (c.member_id, c.partner_id, c.code) = (a."memberId", a."partnerId", a.code)`,
        [toJson(cards)],
      );
    }
  }
}

/** Locks what members earn at partners until the transaction ends. One call, in one order for all. */
export async function lockEarning(
  tx: Database,
  earning: readonly Pick<Occurrence, 'memberId' | 'partnerId'>[],
): Promise<void> {
  await rows(
    tx,
    `SELECT pg_advisory_xact_lock(key) FROM (
       SELECT DISTINCT hashtextextended(concat('earning ', m, ' ', p), 0) AS key
       FROM unnest($1::uuid[], $2::uuid[]) AS e (m, p) ORDER BY key OFFSET 0) AS locked`,
    [earning.map(({ memberId }) => memberId), earning.map(({ partnerId }) => partnerId)],
  );
}

function keyOf(row: Omit<UsageRow, 'points'>): string {
  const { memberId, partnerId, rule, award, per, startsOn } = row;
  return [memberId, partnerId, rule, award, per, startsOn].join(' ');
}

function cardKeyOf({ memberId, partnerId, code }: Omit<CardRow, 'stamps'>): string {
  return [memberId, partnerId, code].join(' ');
}
