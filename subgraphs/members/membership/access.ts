import type { AccessMap } from '../../../platform/access.ts';
import type { Member } from './entities.ts';

export const access: AccessMap = {
  owners: { Member: ({ id }: Member) => ({ memberId: id }) },
  // Member shows everyone its id and displayName; the other fields have rules of their own.
  publicEntities: ['Member'],
};
