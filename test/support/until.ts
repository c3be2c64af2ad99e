import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for what another process or connection does. What fails meanwhile does not hold yet. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) {
    if (await holds().catch(() => false)) return;
  }
  throw new Error('It does not come to pass.');
}
