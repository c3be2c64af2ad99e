import { type Database, rows } from '../platform/database.ts';
import type { Limits } from '../platform/limits.ts';

/** Something that has to be done again and again, whether anybody asks for anything or not. */
export interface Job {
  /** Names its queue too. */
  name: string;
  /** When it is due, in UTC: minute, hour, day, month, weekday. */
  cron: string;
  /**
   * Does it. A second run has nothing to do, so that one that was cut short is simply run again.
   *
   * @returns how many it made, cleared or changed
   */
  run(db: Database, limits: Limits): Promise<number>;
}

/**
 * Every job. Each calls the published function of the schema that it is about: the worker's role can
 * do nothing else. What clears rows comes often and takes a bounded number.
 */
export const jobs: readonly Job[] = [
  {
    name: 'make-ledger-months',
    cron: '20 2 * * *',
    run: (db) => count(db, 'SELECT ledger.make_months_ahead() AS count'),
  },
  {
    name: 'clear-verifications',
    cron: '*/10 * * * *',
    run: (db, { jobRowsMax }) =>
      count(db, 'SELECT members.clear_verifications($1) AS count', [jobRowsMax]),
  },
  {
    name: 'forget-client-secrets',
    cron: '*/10 * * * *',
    run: (db, { jobRowsMax }) =>
      count(db, 'SELECT partners.forget_secrets($1) AS count', [jobRowsMax]),
  },
  {
    name: 'clear-identity-records',
    cron: '*/10 * * * *',
    run: (db, { jobRowsMax }) =>
      count(db, 'SELECT identity.clear_records($1) AS count', [jobRowsMax]),
  },
];

async function count(db: Database, sql: string, values: unknown[] = []): Promise<number> {
  const [row] = await rows<{ count: number }>(db, sql, values);
  return row!.count;
}
