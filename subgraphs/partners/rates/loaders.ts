import type { Context } from '../../../platform/context.ts';
import { rowLoader } from '../../../platform/loaders.ts';
import { ExchangeRate } from './entities.ts';

export function rateLoaders({ db }: Context) {
  return { exchangeRate: rowLoader(db, ExchangeRate) };
}
