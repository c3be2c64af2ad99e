import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Limits } from '../platform/limits.ts';
import { workOnNext } from '../subgraphs/partners/imports/working.ts';

interface ImportSettings {
  clock: Clock;
  limits: Pick<Limits, 'importSliceMs' | 'importPauseMs'>;
  mayGoOn: () => boolean;
  /** Tells that the worker ends. */
  ending: AbortSignal;
}

/**
 * Imports what partners have sent, as long as it may go on: a while of each, in turn, so that a large file
 * holds up no small one.
 *
 * @returns how many rows it counted or recorded
 */
export async function importFiles(
  db: Database,
  { clock, limits, mayGoOn, ending }: ImportSettings,
): Promise<number> {
  let done = 0;
  do {
    const until = performance.now() + limits.importSliceMs;
    const mayStay = () => mayGoOn() && performance.now() < until;
    const rows = await workOnNext(db, { clock, mayGoOn: mayStay });
    done += rows ?? 0;
    if (rows || !mayGoOn()) continue;
    // Nothing waits, or what waits is held by others.
    await sleep(limits.importPauseMs, undefined, { signal: ending }).catch(() => {});
  } while (mayGoOn());
  return done;
}
