import type { LedgerCurrency } from '../../../ledger/index.ts';

export type PointsCurrency = LedgerCurrency;
