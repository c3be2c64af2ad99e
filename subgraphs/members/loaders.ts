import DataLoader from 'dataloader';
import { In, IsNull } from 'typeorm';
import {
  type LedgerBalance,
  type LedgerCurrency,
  type LedgerEntry,
  balancesOf,
  currencies,
  entriesById,
  statementsOf,
} from '../../ledger/index.ts';
import type { Context } from '../../platform/context.ts';
import { listLoader, rowLoader, rowsLoader } from '../../platform/loaders.ts';
import type { Page } from '../../platform/paging.ts';
import { Consent, Member } from './entities.ts';
import { type EntryKey, entryIdOf } from './statements.ts';

/** What a resolver of this subgraph receives. */
export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

interface BalanceKey {
  memberId: string;
  currency: string;
}

interface AskedEntries {
  currency: string;
  /** All kinds where null. */
  kinds: readonly LedgerEntry['kind'][] | null;
  page: Page;
}

/** The look-ups of one request: a fixed number of statements, however long the list. */
export function createLoaders({ db, clock }: Context) {
  let counted: Promise<LedgerCurrency[]> | undefined;
  return {
    member: rowLoader(db, Member),

    /** Live consents by member, the oldest first. */
    consentsOf: rowsLoader(
      (memberIds) =>
        db.find(Consent, {
          where: { memberId: In(memberIds), revokedAt: IsNull() },
          order: { grantedAt: 'ASC', partnerId: 'ASC' },
        }),
      ({ memberId }) => memberId,
    ),

    /** As of now. */
    balance: new DataLoader<BalanceKey, LedgerBalance, string>(
      async (keys) => balancesOf(db, keys, await clock.now(db)),
      { cacheKeyFn: ({ memberId, currency }) => `${memberId} ${currency}` },
    ),

    /** All that the program counts: few rows, read once. */
    currencies: () => (counted ??= currencies(db)),

    entry: new DataLoader<EntryKey, LedgerEntry | null, string>((keys) => entriesById(db, keys), {
      cacheKeyFn: entryIdOf,
    }),

    entriesOf: listLoader(
      (memberIds, { page, ...asked }: AskedEntries) => statementsOf(db, memberIds, page, asked),
      ({ memberId }) => memberId,
    ),
  };
}
