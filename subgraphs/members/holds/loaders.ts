import type { Context } from '../../../platform/context.ts';
import { listLoader, rowLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import { type Rate, lowestRate } from '../partners.ts';
import type { HoldStatus } from './acts.ts';
import { Hold } from './entities.ts';
import { holdsOf } from './lists.ts';

export function holdLoaders({ db, clock }: Context) {
  let lowest: Promise<Rate | null> | undefined;
  return {
    hold: rowLoader(db, Hold),

    holdsOf: listLoader(
      (memberIds, { page, status }: { page: Page; status: HoldStatus | null }) =>
        holdsOf(db, memberIds, { page, status, clock }),
      ({ memberId }) => memberId,
    ),

    /** The instant by which holds of the request stand, or have expired. */
    now: () => clock.now(db),

    lowestRate: () => (lowest ??= clock.now(db).then((at) => lowestRate(db, at))),
  };
}
