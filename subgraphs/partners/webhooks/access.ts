import type { AccessMap } from '../../../platform/access.ts';
import type { Webhook } from './entities.ts';

export const access: AccessMap = {
  owners: {
    Webhook: ({ partnerId }: Webhook) => ({ partnerId }),
  },
  publicEntities: [],
};
