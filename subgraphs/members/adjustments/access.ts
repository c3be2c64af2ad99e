import type { AccessMap } from '../../../platform/access.ts';
import type { Adjustment } from './entities.ts';

export const access: AccessMap = {
  owners: { Adjustment: ({ memberId }: Adjustment) => ({ memberId }) },
  publicEntities: [],
};
