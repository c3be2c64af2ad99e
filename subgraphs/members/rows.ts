import type { LedgerBalance, LedgerCurrency, LedgerEntry } from '../../ledger/index.ts';
import type { Viewer as Caller } from '../../platform/viewer.ts';
import type { Member } from './entities.ts';

export type Balance = LedgerBalance;
export type IssuerBalance = LedgerBalance['byIssuer'][number];
export type StatementEntry = LedgerEntry;
export type PointsCurrency = LedgerCurrency;
export type MemberProfile = Member & { email: string };
export type Viewer = Caller;
