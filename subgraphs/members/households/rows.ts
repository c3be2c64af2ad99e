import { Household as HouseholdRow } from './entities.ts';

/** A household, and through which of its members it is seen. */
export type Household = HouseholdRow & { seenBy: string };

export function seenBy(household: HouseholdRow, memberId: string): Household {
  return Object.assign(new HouseholdRow(), household, { seenBy: memberId });
}
