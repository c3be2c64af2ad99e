import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import { byArguments } from '../../../platform/loaders.ts';
import type { Moment } from '../moment.ts';
import { performancesOf } from './performance.ts';
import type { Days } from './periods.ts';
import type { PartnerPerformance } from './rows.ts';

export function performanceLoaders({ db }: Context, now: () => Promise<Moment>) {
  return {
    /** Of partners, in the same period. */
    performanceIn: byArguments(
      (days: Days) =>
        new DataLoader<string, PartnerPerformance>(async (partnerIds) => {
          const { program, today } = await now();
          const asked = { days, timeZone: program.timeZone, today };
          const found = await performancesOf(db, partnerIds, asked);
          return partnerIds.map((id) => found.get(id)!);
        }),
    ),
  };
}
