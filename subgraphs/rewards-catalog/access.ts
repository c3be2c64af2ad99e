import type { AccessMap } from '../../platform/access.ts';
import type { Redemption, Reward } from './entities.ts';
import type { Member } from './rows.ts';

export const access: AccessMap = {
  owners: {
    Member: ({ id }: Member) => ({ memberId: id }),
    // Only live members redeem: a test client meets none of it, though it be the brand's own.
    Redemption: ({ memberId, partnerId }: Redemption) => ({ memberId, partnerId, sandbox: false }),
    Reward: ({ partnerId }: Reward) => ({ partnerId }),
  },
  // A reward that is not published is kept back by look-ups and lists (catalog.ts), and is reached
  // by reference only from a row that the caller may read.
  publicEntities: ['Member', 'Partner', 'Reward'],
};
