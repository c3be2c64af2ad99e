/** The ledger's face: the only file that others import. */
export { type AuditedInvariant, auditInvariants, auditLedger, isAudited } from './audit/index.ts';
export {
  type LedgerBalance,
  type LedgerCurrency,
  type ReadAs,
  balancesOf,
  currencies,
  expiringOf,
  lastActivityOf,
  lifetimeEarnedOf,
  sharedCurrency,
  sharedCurrencyIn,
  testCurrency,
} from './balances.ts';
export { breakageOf, rateOf } from './breakage.ts';
export { closedCohortsOf } from './cohorts.ts';
export type { PointsDates } from './commands.ts';
export { type PartnerDay, counterBalances, partnerDays } from './counters.ts';
export {
  type BeginConversion,
  type EndConversion,
  beginConversion,
  confirmConversion,
  conversionsOf,
  convertedSince,
  reverseConversion,
} from './conversions.ts';
export { split } from './largest-remainder.ts';
export { type Rate, addRate, endRate, otherProgram, quoteConversion, quoteMs } from './rates.ts';
export {
  type HoldPoints,
  type TransferHeld,
  captureHold,
  holdPoints,
  releaseHold,
  transferHeld,
} from './holds.ts';
export { mergePoints, unmergePoints } from './merges.ts';
export {
  type Liability,
  type PointsMovement,
  liabilityAt,
  movementOf,
  pendingAt,
  trialBalance,
} from './liability.ts';
export { minorDigitsOf, toMinorUnits } from './minor-units.ts';
export { type LedgerPolicy, policyOf, saveLedgerCurrency, setPolicy } from './policies.ts';
export {
  type Accrual,
  type RedeemPoints,
  type TransferPoints,
  accrueAll,
  type ActivatePoints,
  accruePoints,
  activateAll,
  activatePoints,
  adjustPoints,
  donatePoints,
  lockAvailable,
  openCause,
  openPartner,
  redeemAll,
  redeemPoints,
  transferPoints,
} from './postings.ts';
export {
  type CancelRedemption,
  type ReverseAccrual,
  cancelRedemption,
  cancelShared,
  reverseAccrual,
  reverseAll,
} from './reversals.ts';
export { type LedgerSeal, lastSeal, listSeals } from './seals.ts';
export { settleDue } from './settling.ts';
export {
  type StagedAccrual,
  postStaged,
  rejectedRows,
  stageAccruals,
  stagedFile,
} from './staged-files.ts';
export {
  type AccountMark,
  type EntryKey,
  type LedgerEntry,
  type StatementFilter,
  entriesBetween,
  entriesById,
  movedAccounts,
  reversalsOf,
  statementsOf,
} from './statements.ts';
