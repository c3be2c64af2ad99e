import {
  type AccountMark,
  type LedgerEntry,
  entriesBetween,
  movedAccounts,
} from '../../../ledger/index.ts';
import type { Source } from '../../../platform/watches.ts';

/** Where the accounts of each member who is followed are, by currency. */
type Marks = Map<string, Map<string, AccountMark>>;

/** Movements of one account that one look reads; the rest is for the next. */
const readMax = 1_000n;

/**
 * Movements of points, by member. An account's version counts them, and an account is written by one
 * transaction after another: what is behind the version that was read last is what is new.
 */
export const followedMovements: Source<LedgerEntry, Marks> = {
  name: 'movements',
  async look(db, memberIds, before) {
    const known = before ?? new Map<string, Map<string, AccountMark>>();
    const marksOf = (memberId: string) => [...(known.get(memberId)?.values() ?? [])];
    const moved = await movedAccounts(db, memberIds, memberIds.flatMap(marksOf));
    const marks: Marks = new Map(memberIds.map((id) => [id, new Map(known.get(id))]));
    const behind = moved.flatMap((account) => {
      const { memberId, currency, version } = account;
      const after = known.get(memberId)?.get(currency)?.version ?? 0n;
      const isNew = !known.has(memberId);
      const until = isNew || version - after <= readMax ? version : after + readMax;
      marks.get(memberId)!.set(currency, { memberId, currency, version: until });
      return isNew ? [] : [{ memberId, currency, after, version: until }];
    });
    const entries = behind.length > 0 ? await entriesBetween(db, behind) : [];
    return { events: entries.map((row) => ({ key: row.memberId, row })), state: marks };
  },
};
