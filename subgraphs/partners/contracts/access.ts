import type { AccessMap } from '../../../platform/access.ts';
import type { Contract } from './entities.ts';

export const access: AccessMap = {
  owners: {
    Contract: ({ partnerId }: Contract) => ({ partnerId }),
  },
  publicEntities: [],
};
