import { setTimeout } from 'node:timers/promises';
import { kill, postmasterIn, processesOf } from '../support/postgres-processes.ts';

/** Longer than any recovery of so small a database. */
const silenceMaxMs = 60_000;

/** Whoever waits for a client to be answered. */
export interface Answers {
  /** Resolves as soon as a call is answered that was sent since then. @throws Error where none is */
  answered: (since: number) => Promise<void>;
  /** A call was answered that was sent at that time. */
  note: (sentAt: number) => void;
}

/**
 * @param gone rejects when what answers has ended
 * @param said what it wrote last
 */
export function openAnswers(gone: Promise<never>, said: () => string): Answers {
  let waiting: { since: number; resolve: () => void }[] = [];
  return {
    note(sentAt) {
      for (const { since, resolve } of waiting) if (since <= sentAt) resolve();
      waiting = waiting.filter(({ since }) => since > sentAt);
    },
    answered: (since) =>
      Promise.race([
        new Promise<void>((resolve) => waiting.push({ since, resolve })),
        gone,
        silence(said),
      ]),
  };
}

async function silence(said: () => string): Promise<never> {
  await setTimeout(silenceMaxMs, undefined, { ref: false });
  throw new Error(`No call was answered for ${silenceMaxMs / 1_000} s: ${said()}`);
}

/**
 * Kills PostgreSQL with all its processes again and again, in the very moment in which a client is
 * answered.
 *
 * @param pauseMs between the first answer after a kill and the next kill
 * @returns how long after each kill a call was answered that was sent after it
 */
export async function killAgainAndAgain(
  dataDir: string,
  kills: number,
  { answered }: Pick<Answers, 'answered'>,
  pauseMs: () => number,
): Promise<number[]> {
  const backMs: number[] = [];
  await answered(0);
  for (let count = 0; count < kills; count++) {
    await setTimeout(pauseMs());
    const pids = await processesOf(await postmasterIn(dataDir));
    await answered(0);
    kill(pids);
    const killedAt = performance.now();
    await answered(killedAt);
    backMs.push(Math.round(performance.now() - killedAt));
  }
  return backMs;
}
