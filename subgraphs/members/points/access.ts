import type { AccessMap } from '../../../platform/access.ts';
import type { Balance, StatementEntry } from './rows.ts';

export const access: AccessMap = {
  owners: {
    Balance: ({ memberId }: Balance) => ({ memberId }),
    StatementEntry: ({ memberId }: StatementEntry) => ({ memberId }),
  },
  publicEntities: [],
};
