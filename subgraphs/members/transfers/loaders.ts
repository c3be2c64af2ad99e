import type { Context } from '../../../platform/context.ts';
import { rowLoader } from '../../../platform/loaders.ts';
import { PointsTransfer } from './entities.ts';

export function transferLoaders({ db }: Context) {
  return { transfer: rowLoader(db, PointsTransfer) };
}
