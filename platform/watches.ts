import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { goneAway, tooSlow } from './errors.ts';
import type { Limits } from './limits.ts';

/** One kind of thing that happens, to be told as it happens to those whom it concerns, by a key. */
export interface Source<Row, State> {
  /** For the log. */
  name: string;
  /**
   * Looks for what has happened to any of these keys behind a state, for all of them at once; to a key
   * that the state does not know, nothing has. It is called again with the same state where it failed.
   */
  look(db: Database, keys: readonly string[], state: State | null): Promise<Look<Row, State>>;
  /** Whether nothing comes after this. */
  isLast?(row: Row): boolean;
}

interface Look<Row, State> {
  /** In the order in which they are told. */
  events: { key: string; row: Row }[];
  /** Behind these events. */
  state: State;
}

/** What happens to a key. To return it ends it. */
interface Following<Row> extends AsyncIterableIterator<Row> {
  /** Tells its follower something else in between. */
  push(row: Row): void;
}

/** Follows what happens to a key from now on. */
export type Follow = <Row, State>(
  source: Source<Row, State>,
  key: string,
) => Promise<Following<Row>>;

/** All that is watched in one process. */
export interface Watches {
  follow: Follow;
  /** Ends what is under way, and looks no more. */
  close(): void;
}

interface Settings {
  db: Database;
  log: Logger;
  limits: Pick<Limits, 'watchMs' | 'watchRows'>;
}

/**
 * Watches the tables for those who follow what happens. The tables are the only source, so that every
 * process tells of what any has done; looked at for all followers together, and only while there are
 * any.
 */
export function openWatches(settings: Settings): Watches {
  const watches = new Map<unknown, Watch<unknown, unknown>>();
  let isClosed = false;
  return {
    follow: async <Row, State>(source: Source<Row, State>, key: string) => {
      if (isClosed) throw goneAway();
      const watch = watches.get(source) ?? new Watch(source as Source<unknown, unknown>, settings);
      watches.set(source, watch);
      return (await watch.join(key)) as Reader<Row>;
    },
    close() {
      isClosed = true;
      for (const watch of watches.values()) watch.close();
    },
  };
}

/** The looks at one source. */
class Watch<Row, State> {
  readonly #source: Source<Row, State>;
  readonly #settings: Settings;
  readonly #readers = new Map<string, Set<Reader<Row>>>();
  readonly #joining = new Map<Reader<Row>, { done: () => void; fail: (error: unknown) => void }>();
  #state: State | null = null;
  #isLooking = false;
  #isLost = false;
  #isClosed = false;

  constructor(source: Source<Row, State>, settings: Settings) {
    this.#source = source;
    this.#settings = settings;
  }

  /** Follows a key from the end of the next look on. @throws where that look fails */
  join(key: string): Promise<Reader<Row>> {
    const reader: Reader<Row> = new Reader(key, {
      most: this.#settings.limits.watchRows,
      isLast: (row) => this.#source.isLast?.(row) ?? false,
      leave: () => this.#leave(reader),
    });
    return new Promise((resolve, reject) => {
      this.#joining.set(reader, { done: () => resolve(reader), fail: reject });
      if (this.#isLooking) return;
      this.#isLooking = true;
      // Those who come together are looked for together.
      setImmediate(() => void this.#lookOn());
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const { fail } of this.#joining.values()) fail(goneAway());
    this.#joining.clear();
    // A reader that ends is taken out: sets and maps let that happen on the way.
    for (const readers of this.#readers.values()) {
      for (const reader of readers) reader.end(goneAway());
    }
  }

  async #lookOn(): Promise<void> {
    await this.#look();
    if (this.#readers.size > 0 || this.#joining.size > 0) {
      setTimeout(() => void this.#lookOn(), this.#settings.limits.watchMs);
      return;
    }
    this.#isLooking = false;
    this.#state = null;
  }

  async #look(): Promise<void> {
    const joining = new Map(this.#joining);
    this.#joining.clear();
    const keys = new Set([...this.#readers.keys(), ...[...joining.keys()].map(({ key }) => key)]);
    if (keys.size === 0) return;
    try {
      const { events, state } = await this.#source.look(this.#settings.db, [...keys], this.#state);
      this.#state = state;
      this.#isLost = false;
      for (const { key, row } of events) {
        for (const reader of this.#readers.get(key) ?? []) reader.push(row);
      }
    } catch (err) {
      // Those who follow already miss nothing: the next look goes on from the same state.
      if (!this.#isLost) this.#settings.log.warn({ err, source: this.#source.name }, 'watch fails');
      this.#isLost = true;
      for (const { fail } of joining.values()) fail(err);
      return;
    }
    for (const [reader, { done, fail }] of joining) {
      if (this.#isClosed) {
        fail(goneAway());
        continue;
      }
      const others = this.#readers.get(reader.key);
      if (others) others.add(reader);
      else this.#readers.set(reader.key, new Set([reader]));
      done();
    }
  }

  #leave(reader: Reader<Row>): void {
    const readers = this.#readers.get(reader.key);
    readers?.delete(reader);
    if (readers?.size === 0) this.#readers.delete(reader.key);
  }
}

interface ReaderSettings<Row> {
  most: number;
  isLast(row: Row): boolean;
  leave(): void;
}

/** What one follower has still to be told. Who does not keep up is told no more. */
class Reader<Row> implements Following<Row> {
  readonly key: string;
  readonly #settings: ReaderSettings<Row>;
  #rows: Row[] = [];
  #wake: (() => void) | null = null;
  /** Why it has ended; null where nothing is wrong. */
  #end: { reason: Error | null } | null = null;

  constructor(key: string, settings: ReaderSettings<Row>) {
    this.key = key;
    this.#settings = settings;
  }

  push(row: Row): void {
    if (this.#end) return;
    if (this.#rows.length === this.#settings.most) return this.end(tooSlow());
    this.#rows.push(row);
    this.#wake?.();
  }

  end(reason: Error | null): void {
    if (this.#end) return;
    this.#end = { reason };
    this.#rows = [];
    this.#settings.leave();
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<Row, undefined>> {
    while (!this.#end && this.#rows.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#end?.reason) throw this.#end.reason;
    if (this.#end) return { done: true, value: undefined };
    const value = this.#rows.shift()!;
    if (this.#settings.isLast(value)) this.end(null);
    return { done: false, value };
  }

  return(): Promise<IteratorResult<Row, undefined>> {
    this.end(null);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
