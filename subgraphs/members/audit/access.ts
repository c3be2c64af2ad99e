import type { AccessMap } from '../../../platform/access.ts';

export const access: AccessMap = {
  // Staff's alone: no member and no partner has a row of it.
  owners: { AuditEvent: () => ({}) },
  publicEntities: [],
};
