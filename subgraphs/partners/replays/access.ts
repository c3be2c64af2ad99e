import type { AccessMap } from '../../../platform/access.ts';
import type { RuleSetReplay } from './entities.ts';

export const access: AccessMap = {
  owners: {
    // Of live members: a test client meets none of it, though it be the brand's own.
    RuleSetReplay: ({ partnerId }: RuleSetReplay) => ({ partnerId, sandbox: false }),
  },
  publicEntities: [],
};
