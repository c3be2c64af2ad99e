import type { AccessMap } from '../../../platform/access.ts';
import type { Claim } from './entities.ts';

export const access: AccessMap = {
  owners: {
    // Only live members claim: a test client meets none of it, though it be the brand's own.
    Claim: ({ memberId, partnerId }: Claim) => ({ memberId, partnerId, sandbox: false }),
  },
  publicEntities: [],
};
