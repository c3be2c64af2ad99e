import { databaseClock } from '../../platform/clock.ts';
import { importFiles } from '../../worker/imports.ts';
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
  const ending = settings.ending ?? new AbortController().signal;
  const partnersDb = test.db('partners');
  const config = testConfig();
  const limits = settings.limits ?? config.limits;
  const clock = databaseClock;
  const usual = {
    ...config,
    mail: keptMail(),
    clock,
    longDb: db,
    partnersDb,
    importWaiting: (ms: number) => importFiles(partnersDb, { clock, limits, ms, ending }),
    ending,
  };
  return job.run(db, { ...usual, ...settings });
}
