import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import { rowLoader } from '../../../platform/loaders.ts';
import type { Moment } from '../moment.ts';
import { Partner } from './entities.ts';
import { onboardingsOf } from './onboarding.ts';
import type { Onboarding } from './rows.ts';

export function brandLoaders({ db }: Context, now: () => Promise<Moment>) {
  return {
    partner: rowLoader(db, Partner),

    onboardingOf: new DataLoader<string, Onboarding>(async (partnerIds) =>
      onboardingsOf(db, partnerIds, await now()),
    ),
  };
}
