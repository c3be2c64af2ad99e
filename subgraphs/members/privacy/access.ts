import type { AccessMap } from '../../../platform/access.ts';
import type { Erasure } from './entities.ts';

export const access: AccessMap = {
  owners: { Erasure: ({ memberId }: Erasure) => ({ memberId }) },
  publicEntities: [],
};
