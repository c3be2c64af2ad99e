import DataLoader from 'dataloader';
import { Any } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { listLoader, rowLoader, rowsLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import type { Moment } from '../moment.ts';
import { RuleSet } from './entities.ts';
import { type RuleSetStatus, ruleSetsOf, statusesOf, validAt } from './rule-sets.ts';
import { stampCardsOf } from './stamp-cards.ts';

export function earningLoaders({ db }: Context, now: () => Promise<Moment>) {
  return {
    ruleSet: rowLoader(db, RuleSet),

    ruleSetStatus: new DataLoader<string, RuleSetStatus>(async (ruleSetIds) =>
      statusesOf(db, ruleSetIds, (await now()).at),
    ),

    /** A partner's rules that are valid now. */
    currentRulesOf: rowsLoader(
      async (partnerIds) =>
        db.findBy(RuleSet, { partnerId: Any(partnerIds), ...validAt((await now()).at) }),
      ({ partnerId }) => partnerId,
    ),

    stampCardsOf: rowsLoader(
      async (memberIds) => stampCardsOf(db, memberIds, (await now()).at),
      ({ memberId }) => memberId,
    ),

    ruleSetsOf: listLoader(
      async (partnerIds, asked: { status: RuleSetStatus | null; page: Page }) =>
        ruleSetsOf(db, partnerIds, { ...asked, at: (await now()).at }),
      ({ partnerId }) => partnerId,
    ),
  };
}
