import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Limits } from '../platform/limits.ts';
import { isImportWaiting, workOnNext } from '../subgraphs/partners/imports/working.ts';

/** Works on what waits for so many milliseconds at most. @returns how many rows it counted or recorded */
export type ImportWaiting = (ms: number) => Promise<number>;

interface Watching {
  importWaiting: ImportWaiting;
  limits: Pick<Limits, 'importWatchMs' | 'importPauseMs'>;
  /** Tells that the worker ends. */
  ending: AbortSignal;
}

/** Looks for imports, and has them worked on, for a run's time. @returns how many rows were counted or recorded */
export async function watchImports(
  db: Database,
  { importWaiting, limits, ending }: Watching,
): Promise<number> {
  const until = performance.now() + limits.importWatchMs;
  let done = 0;
  for (;;) {
    const isWaiting = await isImportWaiting(db);
    if (isWaiting) done += await importWaiting(until - performance.now());
    if (ending.aborted || performance.now() >= until) return done;
    if (!isWaiting) await pause(limits.importPauseMs, ending);
  }
}

interface ImportSettings {
  clock: Clock;
  limits: Pick<Limits, 'importSliceMs' | 'importPauseMs'>;
  ms: number;
  ending: AbortSignal;
}

/**
 * Imports what partners have sent, until nothing waits or the time is over: a while of each, in turn, so
 * that a large file holds up no small one.
 *
 * @returns how many rows it counted or recorded
 */
export async function importFiles(
  db: Database,
  { clock, limits, ms, ending }: ImportSettings,
): Promise<number> {
  const until = performance.now() + ms;
  const mayGoOn = () => !ending.aborted && performance.now() < until;
  let done = 0;
  do {
    const sliceUntil = performance.now() + limits.importSliceMs;
    const mayStay = () => mayGoOn() && performance.now() < sliceUntil;
    const rows = await workOnNext(db, { clock, mayGoOn: mayStay });
    if (rows === null) break;
    done += rows;
    // What waits is held by others.
    if (rows === 0) await pause(limits.importPauseMs, ending);
  } while (mayGoOn());
  return done;
}

/** Over at once where the worker ends. */
async function pause(ms: number, ending: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: ending }).catch(() => {});
}
