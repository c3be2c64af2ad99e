import type { Database } from './database.ts';
import { readRows } from './reads.ts';

/** What time it is for a rule. Ledger time is the database's. */
export interface Clock {
  now(db: Database): Promise<Date>;
}

/** The database's clock: one for all processes. */
export const databaseClock: Clock = {
  async now(db) {
    const [row] = await readRows<{ now: Date }>(db, 'SELECT clock_timestamp() AS now');
    return row!.now;
  },
};

/** A clock that is looked at once, for all who ask in one request. */
export function readOnce(clock: Clock): Clock {
  let at: Promise<Date> | undefined;
  return { now: (db) => (at ??= clock.now(db)) };
}

/** A clock that stands where it is put: for tests, and for the seed, which tells a past. */
export class SetClock implements Clock {
  at: Date;

  constructor(at: Date) {
    this.at = at;
  }

  now(): Promise<Date> {
    return Promise.resolve(this.at);
  }
}
