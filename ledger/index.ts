/** The ledger's face: the only file that others import. */
export { auditLedger } from './audit.ts';
export {
  type LedgerBalance,
  type LedgerEntry,
  balancesOf,
  currencies,
  entriesById,
  type LedgerCurrency,
  sharedCurrency,
  statementsOf,
} from './balances.ts';
export {
  type Accrual,
  type RedeemPoints,
  accrueAll,
  accruePoints,
  openPartner,
  redeemPoints,
} from './postings.ts';
