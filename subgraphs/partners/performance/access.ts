import type { AccessMap } from '../../../platform/access.ts';

export const access: AccessMap = {
  // Nobody's: what is not for everyone is for staff.
  owners: { Program: () => ({}) },
  publicEntities: ['Program'],
};
