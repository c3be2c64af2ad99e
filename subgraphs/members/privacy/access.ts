import type { AccessMap } from '../../../platform/access.ts';
import type { DataExport, Erasure } from './entities.ts';

export const access: AccessMap = {
  owners: {
    DataExport: ({ memberId }: DataExport) => ({ memberId }),
    Erasure: ({ memberId }: Erasure) => ({ memberId }),
  },
  publicEntities: [],
};
