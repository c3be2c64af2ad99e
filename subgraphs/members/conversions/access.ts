import type { AccessMap } from '../../../platform/access.ts';
import type { Conversion } from './entities.ts';
import type { ConversionPayload } from './rows.ts';

export const access: AccessMap = {
  owners: {
    Conversion: ({ memberId, programId }: Conversion) => ({ memberId, partnerId: programId }),
    // Its balance is the member's, and nothing of the partner's.
    ConversionPayload: ({ memberId }: ConversionPayload) => ({ memberId }),
  },
  publicEntities: [],
};
