import { In } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import { ErasureReceipt } from './entities.ts';

export function privacyLoaders({ db }: Context) {
  return {
    receiptsOf: rowsLoader(
      (erasureIds) =>
        db.find(ErasureReceipt, {
          where: { erasureId: In(erasureIds) },
          order: { erasedAt: 'ASC', subgraph: 'ASC' },
        }),
      ({ erasureId }) => erasureId,
    ),
  };
}
