import type { AccessMap } from '../../platform/access.ts';
import type { Balance, StatementEntry } from './rows.ts';
import type { Member } from './entities.ts';

/** Whose the rows are. */
export const access: AccessMap = {
  owners: {
    Member: ({ id }: Member) => ({ memberId: id }),
    Balance: ({ memberId }: Balance) => ({ memberId }),
    StatementEntry: ({ memberId }: StatementEntry) => ({ memberId }),
  },
  // Member shows everyone its id and displayName; the other fields have rules of their own.
  publicEntities: ['Member', 'Program', 'PointsCurrency'],
};
