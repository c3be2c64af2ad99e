import type { AccessMap } from '../../../platform/access.ts';
import type { Activity } from './entities.ts';
import type { Member } from './rows.ts';

export const access: AccessMap = {
  owners: {
    Activity: ({ memberId, partnerId, sandbox }: Activity) => ({ memberId, partnerId, sandbox }),
    Member: ({ id }: Member) => ({ memberId: id }),
  },
  publicEntities: ['Member'],
};
