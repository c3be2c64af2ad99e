import type { LedgerBalance, LedgerCurrency, LedgerEntry, ReadAs } from '../../ledger/index.ts';
import type { Viewer as Caller } from '../../platform/viewer.ts';
import type { Member } from './entities.ts';

/** Its fields that are read on their own are read as it was. */
export type Balance = LedgerBalance & ReadAs & { at: Date };
export type IssuerBalance = LedgerBalance['byIssuer'][number];
export type StatementEntry = LedgerEntry;
export type PointsCurrency = LedgerCurrency;
export type MemberProfile = Member & { email: string };
export type Viewer = Caller;
