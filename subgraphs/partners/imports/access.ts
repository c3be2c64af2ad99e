import type { AccessMap } from '../../../platform/access.ts';
import type { ActivityImport } from './entities.ts';

export const access: AccessMap = {
  owners: {
    ActivityImport: ({ partnerId, sandbox }: ActivityImport) => ({ partnerId, sandbox }),
  },
  publicEntities: [],
};
