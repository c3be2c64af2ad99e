import type { AccessMap } from '../../../platform/access.ts';
import type { RiskCase } from './entities.ts';

export const access: AccessMap = {
  owners: { RiskCase: ({ memberId }: RiskCase) => ({ memberId }), Program: () => ({}) },
  publicEntities: [],
};
