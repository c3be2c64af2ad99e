import DataLoader from 'dataloader';
import {
  type EntryKey,
  type LedgerEntry,
  type ReadAs,
  type StatementFilter,
  balancesOf,
  entriesById,
  expiringOf,
  lifetimeEarnedOf,
  reversalsOf,
  statementsOf,
} from '../../../ledger/index.ts';
import type { Context } from '../../../platform/context.ts';
import { byArguments, listLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import type { Balance } from './rows.ts';
import { entryIdOf } from './statements.ts';

type AccountKey = Pick<Balance, 'memberId' | 'currency'>;

interface AskedEntries extends StatementFilter {
  page: Page;
}

export function pointsLoaders({ db, clock }: Context) {
  return {
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
