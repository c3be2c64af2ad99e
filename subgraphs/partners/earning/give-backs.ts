import { type Database, rows } from '../../../platform/database.ts';
import type { Counted } from './rows.ts';

/** What of an activity counts for its member no more. */
export interface GiveBack {
  memberId: string;
  partnerId: string;
  counted: Counted;
}

/**
 * Lets caps and cards forget what refunds have taken back: what members earn there is locked, by
 * `lockEarning`. A card that was filled with a stamp and emptied since keeps what it gave.
 */
export async function giveBack(tx: Database, all: readonly GiveBack[]): Promise<void> {
  const used = all.flatMap(({ memberId, partnerId, counted }) =>
    counted.points.map((each) => ({ memberId, partnerId, ...each })),
  );
  const cards = all.flatMap(({ memberId, partnerId, counted }) =>
    counted.stamps.map((each) => ({ memberId, partnerId, ...each })),
  );
  if (used.length > 0) {
    await rows(
      tx,
      `WITH back AS (
         SELECT "memberId" AS member_id, "partnerId" AS partner_id, rule, award, per,
                "startsOn" AS starts_on, sum(points) AS points
         FROM jsonb_to_recordset($1) AS b ("memberId" uuid, "partnerId" uuid, rule text, award text,
           per text, "startsOn" date, points bigint)
         GROUP BY 1, 2, 3, 4, 5, 6)
       UPDATE partners.earn_usage u SET points = greatest(0, u.points - back.points) FROM back
       WHERE (u.member_id, u.partner_id, u.rule, u.award, u.per, u.starts_on)
         = (back.member_id, back.partner_id, back.rule, back.award, back.per, back.starts_on)`,
      [JSON.stringify(used)],
    );
  }
  if (cards.length > 0) {
    await rows(
      tx,
      `WITH back AS (
         SELECT "memberId" AS member_id, "partnerId" AS partner_id, code, sum(stamps) AS stamps
         FROM jsonb_to_recordset($1) AS b ("memberId" uuid, "partnerId" uuid, code text, stamps bigint)
         GROUP BY 1, 2, 3)
       UPDATE partners.collected_stamps c SET stamps = greatest(0, c.stamps - back.stamps) FROM back
       WHERE (c.member_id, c.partner_id, c.code) = (back.member_id, back.partner_id, back.code)`,
      [JSON.stringify(cards)],
    );
  }
}
