import type { AccessMap } from '../../../platform/access.ts';
import type { RuleSet } from './entities.ts';

export const access: AccessMap = {
  owners: {
    RuleSet: ({ partnerId }: RuleSet) => ({ partnerId }),
  },
  publicEntities: [],
};
