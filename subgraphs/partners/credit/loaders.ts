import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import { listLoader, rowsLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import { blocksOf, leftOf } from './lists.ts';
import { owedBy } from './owed.ts';

export function creditLoaders({ db }: Context) {
  return {
    /** What a partner owes, by currency. */
    owedBy: rowsLoader(
      (partnerIds) => owedBy(db, partnerIds),
      ({ partnerId }) => partnerId,
    ),

    /** A partner's blocks, the last to be used first. */
    blocksOf: listLoader(
      (partnerIds, { page }: { page: Page }) => blocksOf(db, partnerIds, page),
      ({ partnerId }) => partnerId,
    ),

    /** What is left of a partner's blocks. */
    prepaidPoints: new DataLoader<string, bigint>((partnerIds) => leftOf(db, partnerIds)),
  };
}
