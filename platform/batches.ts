import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { isUnavailable } from './connection.ts';
import type { Database } from './database.ts';
import { busy } from './errors.ts';
import { FairQueue } from './fair-queue.ts';
import type { Limits } from './limits.ts';
import { type Span, beginSpan, currentSpan, inSpan } from './tracing.ts';

/**
 * A rule for commands that go together, each with a result of its own: an Error is what that one is
 * refused for. What it throws has undone all of them.
 *
 * @param lockMs how long it waits for each row that another holds; null leaves that at what the
 *   connection has, which is `limits.lockMs`
 */
export type BatchRule<Item, Result> = (
  db: Database,
  items: Item[],
  how: { clock: Clock; lockMs: number | null },
) => Promise<(Result | Error)[]>;

/** Gathers the commands of a part that arrive together. */
export interface Batches {
  /**
   * Carries out a command by its rule, together with others of the rule that wait.
   *
   * @param key whose command it is: everyone's are taken in turn
   * @throws GraphQLError SUBGRAPH_UNAVAILABLE too much waits, or it has waited for too long: nothing
   *   was done
   * @throws Error what the rule refuses it for
   */
  add<Item, Result>(rule: BatchRule<Item, Result>, item: Item, key: string): Promise<Result>;
  /** Finishes what waits. */
  drain(): Promise<void>;
}

const warnPauseMs = 10_000;

/** @param how the clock that rules go by; the log hears, now and then, that commands are refused */
export function openBatches(
  db: Database,
  { clock, log, limits }: { clock: Clock; log: Logger; limits: Limits },
): Batches {
  const gatherers = new Map<unknown, unknown>();
  let warnedAt = -Infinity;

  function onRefusal(waiting: number): void {
    const now = performance.now();
    if (now - warnedAt < warnPauseMs) return;
    warnedAt = now;
    log.warn({ waiting }, 'busy: commands are refused');
  }

  function gathererOf<Item, Result>(rule: BatchRule<Item, Result>): Gatherer<Item, Result> {
    const known = gatherers.get(rule) as Gatherer<Item, Result> | undefined;
    if (known) return known;
    const gatherer = gather<Item, Result>(
      (items, isPart) => rule(db, items, { clock, lockMs: isPart ? limits.batchPartLockMs : null }),
      {
        sizeMax: limits.batchItems,
        writersMax: limits.batchWriters,
        waitingMax: limits.batchWaiting,
        waitMs: limits.batchWaitMs,
        onRefusal,
      },
    );
    gatherers.set(rule, gatherer);
    return gatherer;
  }
  return {
    add: (rule, item, key) => gathererOf(rule).add(item, key),
    async drain() {
      const open = [...gatherers.values()] as Gatherer<unknown, unknown>[];
      await Promise.all(open.map((gatherer) => gatherer.drain()));
    },
  };
}

/** @param isPart whether it is some of a batch that failed */
type Run<Item, Result> = (items: Item[], isPart: boolean) => Promise<(Result | Error)[]>;

interface Bounds {
  /** Items of a batch. */
  sizeMax: number;
  /** Batches at once. */
  writersMax: number;
  /** Items that wait. */
  waitingMax: number;
  /** How long an item waits for its batch, and how long the parts of one that failed are tried. */
  waitMs: number;
  /** Hears that an item is refused, and how many wait. */
  onRefusal?: (waiting: number) => void;
}

export interface Gatherer<Item, Result> {
  add: (item: Item, key: string) => Promise<Result>;
  drain: () => Promise<void>;
}

interface Entry<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
  late: NodeJS.Timeout;
  /** What it is a part of, where that is traced. */
  span: Span | undefined;
}

/**
 * Gathers what arrives while all writers are busy. Idle ones take what is there at once, and share it:
 * who is answered together comes back together, and would be with one writer for ever.
 */
export function gather<Item, Result>(
  run: Run<Item, Result>,
  { sizeMax, writersMax, waitingMax, waitMs, onRefusal = () => undefined }: Bounds,
): Gatherer<Item, Result> {
  const waiting = new FairQueue<Entry<Item, Result>>();
  const writers = new Set<Promise<void>>();
  /** Writers that are started, and those of them that are at a batch. */
  let started = 0;
  let writing = 0;

  function add(item: Item, key: string): Promise<Result> {
    return new Promise((resolve, reject) => {
      // All wait for the same time: of a key, the first to come is the first to be late.
      const late = setTimeout(() => refuse(waiting.shift(key)), waitMs);
      waiting.push(key, { item, resolve, reject, late, span: currentSpan() });
      // Nobody's flood takes all the room.
      if (waiting.size > waitingMax) refuse(waiting.popLongest(key));
      if (started < writersMax) startWriter();
    });
  }

  function refuse({ late, reject }: Entry<Item, Result>): void {
    clearTimeout(late);
    onRefusal(waiting.size);
    reject(busy());
  }

  function take(): Entry<Item, Result>[] {
    const share = Math.ceil(waiting.size / (writersMax - writing));
    const batch = waiting.take(Math.min(sizeMax, share));
    for (const { late } of batch) clearTimeout(late);
    return batch;
  }

  function startWriter(): void {
    started++;
    const writer = write().finally(() => writers.delete(writer));
    writers.add(writer);
  }

  async function write(): Promise<void> {
    // What arrives in the same turn of the event loop comes along.
    await turn();
    for (let batch = take(); batch.length > 0; batch = take()) {
      writing++;
      await inSpan(beginBatch(batch), () => carryOut(run, batch, waitMs));
      writing--;
    }
    // In the same breath as the last look: whatever comes now starts a writer.
    started--;
  }

  return {
    add,
    async drain() {
      while (writers.size > 0) await Promise.all(writers);
    },
  };
}

/** A batch is a part of the first call that is traced, and says of which others it is too. */
function beginBatch(batch: readonly { span: Span | undefined }[]): Span | undefined {
  const [first, ...others] = batch.flatMap(({ span }) => (span ? [span] : []));
  return beginSpan(first, 'batch', {
    attributes: { 'coalition.batch.items': batch.length },
    links: others.map((each) => ({ context: each.spanContext() })),
  });
}

/**
 * Carries out a batch. One that fails as a whole is halved, and so are its parts, until only what is
 * at fault fails: the parts that are well first, and for so long at most, since others wait. Not so
 * where the database is away: then nobody knows what was done, and all of it fails.
 */
async function carryOut<Item, Result>(
  run: Run<Item, Result>,
  batch: Entry<Item, Result>[],
  partsMs: number,
): Promise<void> {
  const parts = [batch];
  let until = Infinity;
  // Those that are added on the way come at the end.
  for (const part of parts) {
    const rejectAll = (error: unknown) => part.forEach(({ reject }) => reject(error));
    if (performance.now() > until) {
      rejectAll(busy());
      continue;
    }
    try {
      const items = part.map(({ item }) => item);
      const results = await run(items, part !== batch && part.length > 1);
      part.forEach(({ resolve, reject }, index) => {
        const result = results[index]!;
        if (result instanceof Error) reject(result);
        else resolve(result);
      });
    } catch (error) {
      if (part.length === 1 || isUnavailable(error)) rejectAll(error);
      else {
        until = Math.min(until, performance.now() + partsMs);
        const middle = part.length >> 1;
        parts.push(part.slice(0, middle), part.slice(middle));
      }
    }
  }
}
