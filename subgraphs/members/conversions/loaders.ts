import DataLoader from 'dataloader';
import { conversionsOf } from '../../../ledger/index.ts';
import type { Context } from '../../../platform/context.ts';
import type { Conversion } from './entities.ts';

export function conversionLoaders({ db, clock }: Context) {
  return {
    /** Conversions as the ledger has them. */
    conversion: new DataLoader<
      Conversion,
      Awaited<ReturnType<typeof conversionsOf>>[number],
      string
    >(
      async (all) =>
        conversionsOf(
          db,
          all.map(({ id, memberId }) => ({ memberId, conversionId: id })),
          await clock.now(db),
        ),
      { cacheKeyFn: ({ id }) => id },
    ),
  };
}
