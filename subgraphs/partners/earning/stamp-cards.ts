import { Any } from 'typeorm';
import { type Database, selectOf } from '../../../platform/database.ts';
import { readRows } from '../../../platform/reads.ts';
import { CollectedStamps, RuleSet } from './entities.ts';
import type { StampCardProgress } from './rows.ts';
import { validAt } from './rule-sets.ts';

/**
 * How full the cards of members are, by the rules that are valid now: a card that no rule has any more
 * is not shown.
 */
export async function stampCardsOf(
  db: Database,
  memberIds: readonly string[],
  at: Date,
): Promise<(StampCardProgress & { memberId: string })[]> {
  const collected = await readRows<CollectedStamps>(
    db,
    selectOf(
      db,
      CollectedStamps,
      'WHERE one.member_id = ANY ($1) ORDER BY one.partner_id, one.code',
    ),
    [memberIds],
  );
  if (collected.length === 0) return [];
  const partnerIds = [...new Set(collected.map(({ partnerId }) => partnerId))];
  const sets = await db.findBy(RuleSet, { partnerId: Any(partnerIds), ...validAt(at) });
  return collected.flatMap(({ memberId, partnerId, code, stamps }) => {
    const rules = sets.find((set) => set.partnerId === partnerId)?.rules ?? [];
    const rule = rules.find(({ earn }) => earn.stamp?.code === code);
    const card = rule?.earn.stamp;
    if (!rule || !card) return [];
    const { stamps: target, points } = card;
    const current = Math.min(Number(stamps), target);
    return [{ memberId, partnerId, code, name: rule.name, current, target, points }];
  });
}
