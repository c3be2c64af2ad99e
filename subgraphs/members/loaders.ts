import DataLoader from 'dataloader';
import { In, IsNull } from 'typeorm';
import {
  type EntryKey,
  type LedgerCurrency,
  type LedgerEntry,
  type ReadAs,
  type StatementFilter,
  balancesOf,
  currencies,
  entriesById,
  expiringOf,
  lifetimeEarnedOf,
  reversalsOf,
  statementsOf,
} from '../../ledger/index.ts';
import type { Context } from '../../platform/context.ts';
import { byArguments, listLoader, rowLoader, rowsLoader } from '../../platform/loaders.ts';
import type { Page } from '../../platform/paging.ts';
import { Consent, Member } from './entities.ts';
import type { Balance } from './rows.ts';
import { entryIdOf } from './statements.ts';

/** What a resolver of this subgraph receives. */
export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

type AccountKey = Pick<Balance, 'memberId' | 'currency'>;

interface AskedEntries extends StatementFilter {
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

    balance: byArguments((as: ReadAs) =>
      accountLoader<Balance>(async (accounts) => {
        const at = await clock.now(db);
        const read = await balancesOf(db, accounts, at, as);
        return read.map((balance) => ({ ...balance, ...as, at }));
      }),
    ),

    lifetimeEarned: byArguments(({ at, ...as }: ReadAs & { at: Date }) =>
      accountLoader((accounts) => lifetimeEarnedOf(db, accounts, at, as)),
    ),

    expiring: byArguments(({ within, at, ...as }: ReadAs & { within: number; at: Date }) =>
      accountLoader((accounts) => expiringOf(db, accounts, within, at, as)),
    ),

    /** All that the program counts: few rows, read once. */
    currencies: () => (counted ??= currencies(db)),

    entry: entryLoader((keys) => entriesById(db, keys)),

    /** What took an entry back, or gave it back, last. */
    reversal: entryLoader((keys) => reversalsOf(db, keys)),

    entriesOf: listLoader(
      (memberIds, { page, ...asked }: AskedEntries) => statementsOf(db, memberIds, page, asked),
      ({ memberId }) => memberId,
    ),
  };
}

function accountLoader<Value>(read: (accounts: readonly AccountKey[]) => Promise<Value[]>) {
  return new DataLoader<AccountKey, Value, string>(read, {
    cacheKeyFn: ({ memberId, currency }) => `${memberId} ${currency}`,
  });
}

function entryLoader(read: (keys: readonly EntryKey[]) => Promise<(LedgerEntry | null)[]>) {
  return new DataLoader<EntryKey, LedgerEntry | null, string>(read, { cacheKeyFn: entryIdOf });
}
