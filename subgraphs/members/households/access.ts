import type { AccessMap } from '../../../platform/access.ts';
import type { Household } from './rows.ts';

export const access: AccessMap = {
  // It is all its members': of the one through whom it was reached.
  owners: { Household: ({ seenBy }: Household) => ({ memberId: seenBy }) },
  publicEntities: [],
};
