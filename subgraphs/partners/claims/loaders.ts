import type { Context } from '../../../platform/context.ts';
import { listLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import type { Claim } from './entities.ts';
import { memberClaimsOf, partnerClaimsOf } from './lists.ts';

export function claimLoaders({ db }: Context) {
  return {
    memberClaimsOf: listLoader(
      (memberIds, { page }: { page: Page }) => memberClaimsOf(db, memberIds, page),
      ({ memberId }: Claim) => memberId,
    ),

    partnerClaimsOf: listLoader(
      (partnerIds, asked: { status: Claim['status'] | null; page: Page }) =>
        partnerClaimsOf(db, partnerIds, asked),
      ({ partnerId }: Claim) => partnerId,
    ),
  };
}
