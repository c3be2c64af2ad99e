import type { Context } from '../../../platform/context.ts';
import { rowLoader } from '../../../platform/loaders.ts';
import { Member } from './entities.ts';

export function membershipLoaders({ db }: Context) {
  return { member: rowLoader(db, Member) };
}
