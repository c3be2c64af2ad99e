import DataLoader from 'dataloader';
import { In, IsNull } from 'typeorm';
import {
  type LedgerBalance,
  type LedgerCurrency,
  type LedgerEntry,
  balancesOf,
  currencies,
  entriesById,
} from '../../ledger/index.ts';
import type { Context } from '../../platform/context.ts';
import { Consent, Member } from './entities.ts';
import { type EntryKey, entryIdOf } from './statements.ts';

/** What a resolver of this subgraph receives. */
export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

interface BalanceKey {
  memberId: string;
  currency: string;
}

/** The look-ups of one request: a fixed number of statements, however long the list. */
export function createLoaders({ db, clock }: Context) {
  let counted: Promise<LedgerCurrency[]> | undefined;
  return {
    member: new DataLoader<string, Member | null>(async (ids) => {
      const found = await db.findBy(Member, { id: In([...ids]) });
      const byId = new Map(found.map((member) => [member.id, member]));
      return ids.map((id) => byId.get(id) ?? null);
    }),

    /** Live consents by member, the oldest first. */
    consents: new DataLoader<string, Consent[]>(async (memberIds) => {
      const found = await db.find(Consent, {
        where: { memberId: In([...memberIds]), revokedAt: IsNull() },
        order: { grantedAt: 'ASC', partnerId: 'ASC' },
      });
      return memberIds.map((id) => found.filter(({ memberId }) => memberId === id));
    }),

    /** As of now; one statement for each currency. */
    balance: new DataLoader<BalanceKey, LedgerBalance, string>(
      async (keys) => {
        const at = await clock.now(db);
        const found = new Map<string, LedgerBalance>();
        for (const currency of new Set(keys.map((key) => key.currency))) {
          const ids = keys.filter((key) => key.currency === currency).map((key) => key.memberId);
          for (const balance of await balancesOf(db, ids, at, currency)) {
            found.set(balanceKey(balance), balance);
          }
        }
        return keys.map((key) => found.get(balanceKey(key))!);
      },
      { cacheKeyFn: balanceKey },
    ),

    /** All that the program counts: few rows, read once. */
    currencies: () => (counted ??= currencies(db)),

    entry: new DataLoader<EntryKey, LedgerEntry | null, string>((keys) => entriesById(db, keys), {
      cacheKeyFn: entryIdOf,
    }),
  };
}

function balanceKey({ memberId, currency }: BalanceKey): string {
  return `${memberId} ${currency}`;
}
