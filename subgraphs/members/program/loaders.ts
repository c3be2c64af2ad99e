import { type LedgerCurrency, currencies } from '../../../ledger/index.ts';
import type { Context } from '../../../platform/context.ts';

export function programLoaders({ db }: Context) {
  let counted: Promise<LedgerCurrency[]> | undefined;
  return {
    /** All that the program counts: few rows, read once. */
    currencies: () => (counted ??= currencies(db)),
  };
}
