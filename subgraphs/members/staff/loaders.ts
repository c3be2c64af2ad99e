import type { Context } from '../../../platform/context.ts';
import { rowLoader } from '../../../platform/loaders.ts';
import { Staff } from './entities.ts';

export function staffLoaders({ db }: Context) {
  return { staff: rowLoader(db, Staff) };
}
