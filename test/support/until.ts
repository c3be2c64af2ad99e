import { setTimeout as sleep } from 'node:timers/promises';
import { rows } from '../../platform/database.ts';
import type { TestDatabase } from './database.ts';

/** Waits for what another process or connection does. What fails meanwhile does not hold yet. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 50_000; Date.now() < deadline; await sleep(50)) {
    if (await holds().catch(() => false)) return;
  }
  throw new Error('It does not come to pass.');
}

/** Waits until somebody waits for a lock in the test's database. */
export function untilOneWaits(test: TestDatabase): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity
                   WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  return until(async () => (await rows(test.owner(), waiting)).length > 0);
}
