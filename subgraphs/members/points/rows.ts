import type { LedgerBalance, LedgerEntry, ReadAs } from '../../../ledger/index.ts';

/** Its fields that are read on their own are read as it was. */
export type Balance = LedgerBalance & ReadAs & { at: Date };
export type IssuerBalance = LedgerBalance['byIssuer'][number];
export type StatementEntry = LedgerEntry;
