import { type Database, rows, toJson } from '../../../platform/database.ts';
import { ownCode } from '../earning/compiled.ts';
import type { Offer } from './entities.ts';

/** How far a member is with an offer. */
export interface OfferProgress {
  current: bigint;
  target: bigint;
  remaining: bigint;
  percent: number;
  completedAt: Date | null;
}

/** Where a rule of an offer leads, and what keeps count of how far it is. */
interface Goal {
  offerId: string;
  partnerId: string;
  rule: string;
  /** The stamp card; null where points are counted. */
  card: string | null;
  target: bigint;
}

/** The first rule that leads somewhere: to a full card, or to the most that it ever gives. */
function goalOf({ id, partnerId, rules }: Offer): Goal | null {
  for (const { code, earn, awards, caps } of rules) {
    const of = { offerId: id, partnerId, rule: ownCode(id, code) };
    if (earn.stamp) {
      return { ...of, card: ownCode(id, earn.stamp.code), target: BigInt(earn.stamp.stamps) };
    }
    const most = caps.find(({ per }) => per === 'EVER');
    if (most && awards !== 'QUALIFYING') return { ...of, card: null, target: BigInt(most.points) };
  }
  return null;
}

interface Reached {
  offerId: string;
  current: bigint;
  /** When the rule gave points last. */
  lastAt: Date | null;
}

/** How far a member is with each of these offers, in their order; null where none leads anywhere. */
export async function progressOf(
  db: Database,
  memberId: string,
  offers: readonly Offer[],
): Promise<(OfferProgress | null)[]> {
  const goals = offers.map(goalOf);
  const reached = await readReached(
    db,
    memberId,
    goals.filter((goal) => goal !== null),
  );
  const byOffer = new Map(reached.map((each) => [each.offerId, each]));
  return goals.map((goal) => {
    if (!goal) return null;
    const { current: counted, lastAt } = byOffer.get(goal.offerId)!;
    const { target, card } = goal;
    const current = counted < target ? counted : target;
    return {
      current,
      target,
      remaining: target - current,
      percent: Number((current * 100n) / target),
      completedAt: card !== null || current === target ? lastAt : null,
    };
  });
}

async function readReached(
  db: Database,
  memberId: string,
  goals: readonly Goal[],
): Promise<Reached[]> {
  if (goals.length === 0) return [];
  const found = await rows<Reached>(
    db,
    `SELECT g."offerId", coalesce(
         CASE WHEN g.card IS NULL
           THEN (SELECT sum(u.points)::bigint FROM partners.earn_usage u
                 WHERE u.member_id = $2 AND u.partner_id = g."partnerId" AND u.rule = g.rule
                   AND u.award = 'SPENDABLE' AND u.per = 'EVER')
           ELSE (SELECT c.stamps FROM partners.collected_stamps c
                 WHERE c.member_id = $2 AND c.partner_id = g."partnerId" AND c.code = g.card)
         END, 0) AS current,
       (SELECT max(a.posted_at)
        FROM partners.offer o
        JOIN partners.activity a ON a.member_id = $2 AND a.partner_id = o.partner_id
          AND a.occurred_at >= o.starts_at AND a.occurred_at < o.ends_at
        JOIN partners.offer_award w ON w.activity_id = a.id AND w.offer_id = o.id
        WHERE o.id = g."offerId" AND jsonb_path_exists(a.explanation,
          '$[*] ? (@.rule == $rule && @.points > 0)', jsonb_build_object('rule', g.rule))) AS "lastAt"
     FROM jsonb_to_recordset($1)
       AS g ("offerId" uuid, "partnerId" uuid, rule text, card text)`,
    [toJson(goals), memberId],
  );
  return found.map((each) => ({ ...each, current: BigInt(each.current) }));
}
