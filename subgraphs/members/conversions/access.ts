import type { AccessMap } from '../../../platform/access.ts';
import type { Conversion } from './entities.ts';

export const access: AccessMap = {
  owners: {
    Conversion: ({ memberId, programId }: Conversion) => ({ memberId, partnerId: programId }),
  },
  publicEntities: [],
};
