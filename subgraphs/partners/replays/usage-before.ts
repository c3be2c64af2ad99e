import { startOfPeriod } from '../../../platform/calendar.ts';
import { type Database, rows } from '../../../platform/database.ts';
import type { EarnRule } from '../earning/rows.ts';
import { type CardRow, UsageBook, type UsageRow } from '../earning/usage.ts';

interface Replaying {
  partnerId: string;
  rules: readonly EarnRule[];
  firstDay: string;
}

type CountedRow = { memberId: string; code: string; counted: bigint } & (
  Pick<UsageRow, 'award' | 'per' | 'startsOn'> | { award: null }
);

/**
 * What members had by these rules when the first day began: a cap for ever, or for a month that had begun,
 * is not given anew, and stamps are on the cards already. By the codes of rules, as it is counted.
 */
export async function booksBefore(
  tx: Database,
  { partnerId, rules, firstDay }: Replaying,
  memberIds: string[],
): Promise<Map<string, UsageBook>> {
  const { codes, starts } = straddling(rules, firstDay);
  if (codes.length === 0) return new Map();
  const found = await rows<CountedRow>(
    tx,
    `SELECT member_id AS "memberId", code, award, per, starts_on AS "startsOn", counted
     FROM partners.counted_before($1, $2, $3, $4, $5)`,
    [partnerId, memberIds, codes, starts, firstDay],
  );
  const byMember = new Map<string, { used: UsageRow[]; cards: CardRow[] }>();
  for (const row of found) {
    const { memberId, code, counted } = row;
    const of = byMember.get(memberId) ?? { used: [], cards: [] };
    byMember.set(memberId, of);
    if (row.award === null) of.cards.push({ memberId, partnerId, code, stamps: counted });
    else of.used.push({ ...row, partnerId, rule: code, points: counted });
  }
  return new Map([...byMember].map(([id, { used, cards }]) => [id, UsageBook.of(used, cards)]));
}

/** The rules and cards for which it matters what was before, and when their periods began, the first one first. */
function straddling(rules: readonly EarnRule[], firstDay: string) {
  const codes: string[] = [];
  const starts = new Set<string>();
  for (const { code, caps, earn } of rules) {
    for (const { per } of caps) {
      if (per === 'ACTIVITY' || startOfPeriod(firstDay, per) === firstDay) continue;
      codes.push(code);
      starts.add(startOfPeriod(firstDay, per));
    }
    if (!earn.stamp) continue;
    codes.push(earn.stamp.code);
    starts.add(startOfPeriod(firstDay, 'EVER'));
  }
  return { codes, starts: [...starts].sort() };
}
