import type { LedgerSeal as Seal } from '../../../ledger/index.ts';

/** A closed period of the ledger. */
export type LedgerSeal = Seal;
