import type { AccessMap } from '../../../platform/access.ts';
import type { ApiClient } from './entities.ts';

export const access: AccessMap = {
  owners: {
    ApiClient: ({ partnerId }: ApiClient) => ({ partnerId }),
  },
  publicEntities: [],
};
