import type { AccessMap } from '../../../platform/access.ts';
import type { Partner } from './entities.ts';

export const access: AccessMap = {
  owners: {
    Partner: ({ id }: Partner) => ({ partnerId: id }),
  },
  // A partner that is not LIVE is kept back by look-ups and lists (partners.ts), and is reached by
  // reference only from a row that the caller may read.
  publicEntities: ['Partner'],
};
