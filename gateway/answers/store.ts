import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Config } from '../../platform/config.ts';
import { openRedis } from '../redis.ts';

/** An answer's data, as JSON, and when it ends. */
interface Kept {
  data: string;
  endsAtMs: number;
}

/** Where answers are kept. It may lose any of them, and never fails. */
export interface AnswerStore {
  get(key: string): Promise<Kept | null>;
  put(key: string, kept: Kept): void;
  close(): void;
}

/** Opens the store that the configuration wants: Redis, memory, or none. */
export function openAnswerStore(
  { answerCache, redisUrl, limits }: Config,
  log: Logger,
): AnswerStore | null {
  if (!answerCache) return null;
  return redisUrl ? inRedis(redisUrl, limits.redisMs, log) : inMemory(limits.answerCacheBytes);
}

/** Redis forgets an answer at its end, and sooner where it has no room. */
function inRedis(url: string, timeoutMs: number, log: Logger): AnswerStore {
  const redis = openRedis(url, timeoutMs, log, 'no answers are kept');
  const keyOf = (key: string) => `coalition:answer:${key}`;
  return {
    async get(key) {
      const text = await redis.get(keyOf(key)).catch(() => null);
      return text === null ? null : readKept(text);
    },
    put(key, { data, endsAtMs }) {
      const leftMs = endsAtMs - Date.now();
      if (leftMs < 1) return;
      // Nobody waits for it.
      redis.set(keyOf(key), `${endsAtMs} ${data}`, 'PX', leftMs).catch(() => undefined);
    },
    close: () => redis.disconnect(),
  };
}

function readKept(text: string): Kept | null {
  const end = text.indexOf(' ');
  return living({ endsAtMs: Number(text.slice(0, end)), data: text.slice(end + 1) });
}

/** A character's bytes at the most, and those of an entry beside its text. */
const characterBytes = 2;
const entryBytes = 300;

function inMemory(maxSize: number): AnswerStore {
  const entries = new LRUCache<string, Kept>({ maxSize });
  return {
    get: (key) => Promise.resolve(living(entries.get(key))),
    put(key, { data: written, endsAtMs }) {
      // The pieces that it was written in would be kept with it, and take eight bytes for each character.
      const data = Buffer.from(written).toString();
      const size = entryBytes + (key.length + data.length) * characterBytes;
      entries.set(key, { data, endsAtMs }, { size });
    },
    close: () => entries.clear(),
  };
}

function living(kept: Kept | undefined): Kept | null {
  return kept && kept.endsAtMs > Date.now() ? kept : null;
}
