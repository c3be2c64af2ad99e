import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import { referralsOf } from './codes.ts';
import type { ReferralStatus } from './rows.ts';

export function referralLoaders({ db }: Context) {
  return {
    /** A member's code, and what became of it; null for who can bring nobody. */
    referral: new DataLoader<string, ReferralStatus | null>(async (memberIds) => {
      const found = await referralsOf(db, memberIds);
      const byId = new Map(found.map((each) => [each.memberId, each]));
      return memberIds.map((memberId) => byId.get(memberId) ?? null);
    }),
  };
}
