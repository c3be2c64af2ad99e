import type { AccessMap } from '../../platform/access.ts';

export const access: AccessMap = {
  owners: {},
  publicEntities: ['Member', 'Partner', 'Post', 'Review', 'Reward'],
};
