import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import { listLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import type { Moment } from '../moment.ts';
import { type RuleSetStatus, ruleSetsOf, statusesOf } from './rule-sets.ts';

export function earningLoaders({ db }: Context, now: () => Promise<Moment>) {
  return {
    ruleSetStatus: new DataLoader<string, RuleSetStatus>(async (ruleSetIds) =>
      statusesOf(db, ruleSetIds, (await now()).at),
    ),

    ruleSetsOf: listLoader(
      async (partnerIds, asked: { status: RuleSetStatus | null; page: Page }) =>
        ruleSetsOf(db, partnerIds, { ...asked, at: (await now()).at }),
      ({ partnerId }) => partnerId,
    ),
  };
}
