import type { AccessMap } from '../../../platform/access.ts';
import type { Notification } from './entities.ts';

export const access: AccessMap = {
  owners: { Notification: ({ memberId }: Notification) => ({ memberId }) },
  publicEntities: [],
};
