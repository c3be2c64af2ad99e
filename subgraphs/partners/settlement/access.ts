import type { AccessMap } from '../../../platform/access.ts';
import type { SettlementStatement } from './entities.ts';

export const access: AccessMap = {
  owners: {
    // Nothing of the sandbox is settled.
    SettlementStatement: ({ partnerId }: SettlementStatement) => ({ partnerId, sandbox: false }),
  },
  publicEntities: [],
};
