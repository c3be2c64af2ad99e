import { databaseClock } from '../../platform/clock.ts';
import { type JobSettings, jobs } from '../../worker/jobs.ts';
import { testConfig } from './config.ts';
import type { TestDatabase } from './database.ts';
import { keptMail } from './mail.ts';

/** Runs a job of the worker once, under its role. @returns how many it made, cleared or changed */
export function runJob(
  test: TestDatabase,
  name: string,
  settings: Partial<JobSettings> = {},
): Promise<number> {
  const job = jobs.find((each) => each.name === name)!;
  const db = test.db('worker');
  const ending = new AbortController().signal;
  const partnersDb = test.db('partners');
  const usual = {
    ...testConfig(),
    mail: keptMail(),
    clock: databaseClock,
    longDb: db,
    partnersDb,
    ending,
  };
  return job.run(db, { ...usual, ...settings });
}
