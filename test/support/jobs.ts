import { limits } from '../../platform/limits.ts';
import { type JobSettings, jobs } from '../../worker/jobs.ts';
import type { TestDatabase } from './database.ts';
import { keptMail } from './mail.ts';

/** Runs a job of the worker once, under its role. @returns how many it made, cleared or changed */
export function runJob(
  test: TestDatabase,
  name: string,
  settings: Partial<JobSettings> = {},
): Promise<number> {
  const job = jobs.find((each) => each.name === name)!;
  const usual = { limits, ledgerMonths: null, mail: keptMail() };
  return job.run(test.db('worker'), { ...usual, ...settings });
}
