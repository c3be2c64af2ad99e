import type { AccessMap } from '../../platform/access.ts';
import type { Redemption } from './entities.ts';
import type { Member } from './rows.ts';

export const access: AccessMap = {
  owners: {
    Member: ({ id }: Member) => ({ memberId: id }),
    Redemption: ({ memberId, partnerId }: Redemption) => ({ memberId, partnerId }),
  },
  // A reward that is not published is kept back by look-ups and lists (catalog.ts), and is reached
  // by reference only from a row that the caller may read.
  publicEntities: ['Member', 'Partner', 'Reward'],
};
