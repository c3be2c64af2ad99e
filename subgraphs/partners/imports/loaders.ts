import type { Context } from '../../../platform/context.ts';
import { listLoader, rowLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import { ActivityImport } from './entities.ts';
import { importsOf, rejectionsOf } from './lists.ts';

export function importLoaders({ db, viewer }: Context) {
  return {
    activityImport: rowLoader(db, ActivityImport),

    importsOf: listLoader(
      (partnerIds, { page }: { page: Page }) => importsOf(db, partnerIds, page, viewer),
      ({ partnerId }) => partnerId,
    ),

    rejectionsOf: listLoader(
      (importIds, { page }: { page: Page }) => rejectionsOf(db, importIds, page),
      ({ importId }) => importId,
    ),
  };
}
