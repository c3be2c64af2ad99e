import { In } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import { PointBlock } from './entities.ts';
import { owedBy } from './owed.ts';

export function creditLoaders({ db }: Context) {
  return {
    /** What a partner owes, by currency. */
    owedBy: rowsLoader(
      (partnerIds) => owedBy(db, partnerIds),
      ({ partnerId }) => partnerId,
    ),

    /** A partner's blocks, in the order in which they are used. */
    blocksOf: rowsLoader(
      (partnerIds) =>
        db.find(PointBlock, {
          where: { partnerId: In(partnerIds) },
          order: { validFrom: 'ASC', soldAt: 'ASC', id: 'ASC' },
        }),
      ({ partnerId }) => partnerId,
    ),
  };
}
