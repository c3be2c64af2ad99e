import { fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { Limits } from '../platform/limits.ts';

/** What a process that imports is told first; whatever comes after it tells it to end. */
export interface ImportOrder {
  /** The worker's database. */
  url: string;
  limits: Limits;
  ms: number;
}

/** What it says at its end. */
export type ImportAnswer = { rows: number } | { fault: unknown };

/**
 * Imports in a process of its own, as `importFiles` does: V8 takes memory as long as there is some, and only
 * a process can be given a bound. Nothing else of the worker waits while it counts.
 *
 * @param ending tells that the worker ends: the batch in hand is finished
 * @throws Error as there; or the process ended without an answer
 */
export function importApart(order: ImportOrder, ending: AbortSignal): Promise<number> {
  const { importHeapMb, importYoungHeapMb } = order.limits;
  // The program as this one is, compiled or not.
  const program = join(import.meta.dirname, `importing${extname(import.meta.filename)}`);
  const child = fork(program, {
    execArgv: [
      ...process.execArgv,
      `--max-old-space-size=${importHeapMb}`,
      `--max-semi-space-size=${importYoungHeapMb}`,
    ],
    serialization: 'advanced',
  });
  const end = () => child.connected && child.send('end');
  ending.addEventListener('abort', end);
  return new Promise<number>((resolve, reject) => {
    child.once('message', (answer: ImportAnswer) => {
      if ('rows' in answer) resolve(answer.rows);
      else reject(answer.fault as Error);
      // It waits for this: an answer cannot come behind its end.
      child.disconnect();
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`The process that imports ended with ${signal ?? code}.`)),
    );
    child.send(order);
  }).finally(() => ending.removeEventListener('abort', end));
}
