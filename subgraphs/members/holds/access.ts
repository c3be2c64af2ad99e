import type { AccessMap } from '../../../platform/access.ts';
import type { Hold } from './entities.ts';
import type { HoldPayload } from './rows.ts';

export const access: AccessMap = {
  owners: {
    Hold: ({ memberId, partnerId, sandbox }: Hold) => ({ memberId, partnerId, sandbox }),
    // Its balance is the member's, and nothing of the partner's.
    HoldPayload: ({ memberId }: HoldPayload) => ({ memberId }),
  },
  publicEntities: [],
};
