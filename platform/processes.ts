import cluster, { type Worker as Child } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CannotStart } from './postgres-home.ts';

/** Several processes of this program, which answer at one address. They take connections by turns. */
export interface Processes {
  /**
   * Resolves when all of them listen; from then on one that ends is replaced.
   *
   * @throws CannotStart where one ends before it listens, once the others have been stopped
   */
  start(): Promise<void>;
  /** Those that run, by their places: who replaces one has the place of the other. */
  running(): ReadonlyMap<number, Child>;
  /** Tells all of them to stop, and waits until they have. @throws where one did not end well */
  stop(): Promise<void>;
}

/** Whether this process is one of several that another has started. They end where that one is gone. */
export const isOneOfSeveral = cluster.isWorker;

/** One that ends sooner did not last: who replaces it waits, longer each time. */
const settledMs = 10_000;
const pauseMinMs = 100;
const pauseMaxMs = 5_000;

interface Started {
  child: Child;
  since: number;
  listens: Promise<void>;
  /** Whether it has ended as it was told to. */
  ended: Promise<boolean>;
}

/** Opens the places of so many processes, from 1 up. */
export function openProcesses(count: number, log: Logger): Processes {
  // Measures go from one to another, and some of them are no numbers: JSON would make null of these.
  cluster.setupPrimary({ serialization: 'advanced' });
  const started = new Map<number, Started>();
  let isStopping = false;

  function startOne(place: number): Started {
    const child = cluster.fork();
    const { pid } = child.process;
    const ended = endOf(child).then((end) => {
      started.delete(place);
      if (!isStopping) log.warn({ pid, ...end }, 'process ended');
      // The signal itself ends one that has not begun to answer.
      return end.code === 0 || end.signal === 'SIGTERM' || end.signal === 'SIGINT';
    });
    const listens = new Promise<void>((resolve) => {
      child.once('listening', () => {
        log.info({ pid }, 'process answers');
        resolve();
      });
    });
    const one = { child, since: performance.now(), listens, ended };
    started.set(place, one);
    return one;
  }

  async function startFirst(place: number): Promise<void> {
    const first = startOne(place);
    const isUp = await Promise.race([
      first.listens.then(() => true),
      first.ended.then(() => false),
    ]);
    if (!isUp) throw new CannotStart('A process ended before it answered.');
    void replaceEach(place, first);
  }

  async function replaceEach(place: number, first: Started): Promise<void> {
    let pauseMs = 0;
    for (let one = first; ; one = startOne(place)) {
      await one.ended;
      const hasLasted = performance.now() - one.since >= settledMs;
      pauseMs = hasLasted ? 0 : Math.min(Math.max(2 * pauseMs, pauseMinMs), pauseMaxMs);
      await sleep(pauseMs);
      if (isStopping) return;
    }
  }

  async function stop(): Promise<void> {
    isStopping = true;
    const endings = [...started.values()].map(({ child, ended }) => {
      child.process.kill('SIGTERM');
      return ended;
    });
    const areWell = await Promise.all(endings);
    if (!areWell.every(Boolean)) throw new Error('A process did not end as it was told to.');
  }

  return {
    async start() {
      try {
        await Promise.all(Array.from({ length: count }, (_, index) => startFirst(index + 1)));
      } catch (error) {
        await stop().catch(() => undefined);
        throw error;
      }
    },
    running: () => new Map([...started].map(([place, { child }]) => [place, child])),
    stop,
  };
}

interface End {
  code?: unknown;
  signal?: unknown;
  err?: unknown;
}

/** How a process ends. One that could not even be made has no exit. */
async function endOf(child: Child): Promise<End> {
  try {
    const [code, signal] = (await once(child, 'exit')) as unknown[];
    return { code, signal };
  } catch (err) {
    return { err };
  }
}
