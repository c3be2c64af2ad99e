import { settleDue } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import type { TestDatabase } from '../support/database.ts';
import type { LedgerModel } from './model.ts';
import { type Account, availableOf, settle } from './model-account.ts';
import type { Cast } from './random-commands.ts';

/** Lets happen what is due up to an instant, in both, and compares the accounts as a whole. */
export async function compareHoldings(
  test: TestDatabase,
  model: LedgerModel,
  { members, currencies }: Cast,
  learn: () => Promise<void>,
  at: number,
): Promise<void> {
  await settleDue(test.db('worker'), 1_000, new Date(at));
  await learn();
  const held = await rows<{ name: string; holding: unknown }>(test.owner(), holdingsQuery, [
    members,
    new Date(at),
  ]);
  const found = new Map(held.map(({ name, holding }) => [name, holding]));
  for (const member of members) {
    for (const currency of currencies) {
      const account = model.accountOf(member, currency);
      settle(account, at);
      const name = `${member} ${currency}`;
      expect({ name, ...((found.get(name) as object) ?? emptyHolding) }).toEqual({
        name,
        ...holdingOf(account, at),
      });
    }
  }
}

const holdingsQuery = `
  SELECT a.member_id || ' ' || a.currency AS name, jsonb_build_object(
    'available', ledger.available_of(a, $2), 'balance', a.balance, 'held', a.held, 'debt', a.debt,
    'lots', coalesce((
      SELECT jsonb_object_agg(of, points) FROM (
        SELECT concat_ws(' ', l.issuer, extract(epoch FROM l.activates_at), extract(epoch FROM l.expires_at)) AS of,
               array[sum(l.remaining), sum(l.held)] AS points
        FROM ledger.lot l WHERE l.member_id = a.member_id AND l.currency = a.currency AND l.open
        GROUP BY 1) o), '{}'),
    'totals', coalesce((
      SELECT jsonb_object_agg(of, points) FROM (
        SELECT concat_ws(' ', t.kind, c.kind, c.owner) AS of, array[sum(t.points), sum(t.debt)] AS points
        FROM ledger.transfer t LEFT JOIN ledger.counter_account c ON c.id = t.counter_account
        WHERE t.member_id = a.member_id AND t.currency = a.currency
        GROUP BY 1) o), '{}')) AS holding
  FROM ledger.account a WHERE a.member_id = ANY ($1)`;

const emptyHolding = { available: 0, balance: 0, held: 0, debt: 0, lots: {}, totals: {} };

function holdingOf(account: Account, at: number): typeof emptyHolding {
  const lots: Record<string, [number, number]> = {};
  let held = 0;
  for (const { issuer, activatesAt, expiresAt, remaining, held: kept } of account.lots) {
    if (remaining === 0n) continue;
    const seconds = (then: number) => (then === Infinity ? 'Infinity' : (then / 1000).toFixed(6));
    const ends = expiresAt === Infinity ? [] : [seconds(expiresAt)];
    const of = [...(issuer ? [issuer] : []), seconds(activatesAt), ...ends].join(' ');
    const [points, keptPoints] = lots[of] ?? [0, 0];
    lots[of] = [points + Number(remaining), keptPoints + Number(kept)];
    held += Number(kept);
  }
  const totals = [...account.totals].map(([of, { points, debt }]) => [
    of.trim(),
    [Number(points), Number(debt)],
  ]);
  return {
    available: Number(availableOf(account, at)),
    balance: Number(account.balance),
    held,
    debt: Number(account.debt),
    lots,
    totals: Object.fromEntries(totals) as object,
  };
}
