import type { AccessMap } from '../../../platform/access.ts';

export const access: AccessMap = {
  owners: { Program: () => ({}) },
  publicEntities: ['Program'],
};
