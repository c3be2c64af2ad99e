import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Config } from '../../platform/config.ts';
import type { Limits } from '../../platform/limits.ts';
import { openRedis } from '../redis.ts';

/** What several gateways count together, each thing by a lease that ends where nobody renews it. */
export interface Leases {
  /**
   * Takes one where fewer than `max` are taken under the key, by any gateway. While Redis is lost there is
   * nobody else to count with, and it is taken.
   *
   * @returns gives it back; null where there are so many
   */
  take(key: string, max: number): Promise<(() => void) | null>;
  /** Renews none any more. */
  close(): void;
}

/** Commands of this file's own. Redis says what time it is: clocks of machines differ. */
interface LeaseCommands {
  takeLease(key: string, max: number, leaseMs: number, id: string): Promise<0 | 1>;
  renewLeases(key: string, leaseMs: number, ...ids: string[]): Promise<unknown>;
}

const now = `local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** Of each key, a sorted set of leases by when they end. */
const commands = {
  takeLease: {
    numberOfKeys: 1,
    lua: `${now}
      redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
      if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
      redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      return 1`,
  },
  renewLeases: {
    numberOfKeys: 1,
    lua: `${now}
      for at = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[at]) end
      redis.call('PEXPIRE', KEYS[1], ARGV[1])`,
  },
};

/** Opens them where the configuration names a Redis; null where each gateway counts alone. */
export function openLeases({ redisUrl, limits }: Config, log: Logger): Leases | null {
  if (!redisUrl) return null;
  const lost = 'streams are counted by each gateway alone';
  const redis = openRedis(redisUrl, limits.redisMs, log, lost);
  for (const [name, command] of Object.entries(commands)) redis.defineCommand(name, command);
  return leasesOf(redis as Redis & LeaseCommands, limits);
}

function leasesOf(redis: Redis & LeaseCommands, { streamLeaseMs }: Limits): Leases {
  const held = new Map<string, Set<string>>();
  const renewLater = () => setTimeout(() => void renew(), streamLeaseMs / 3).unref();
  let renewing = renewLater();
  let isClosed = false;

  /** Also what was taken while Redis was lost, and what it has forgotten. */
  async function renew(): Promise<void> {
    try {
      // One after another: thousands at once would hold up what clients ask.
      for (const [key, ids] of held) await redis.renewLeases(key, streamLeaseMs, ...ids);
    } catch {
      // It is lost, or slow: what was not renewed now is so the next time.
    }
    if (!isClosed) renewing = renewLater();
  }

  return {
    async take(name, max) {
      const key = `coalition:streams:${name}`;
      const id = randomUUID();
      const isTaken = await redis.takeLease(key, max, streamLeaseMs, id).catch(() => 1);
      if (isTaken === 0) return null;
      const own = held.get(key) ?? new Set();
      held.set(key, own.add(id));
      return () => {
        own.delete(id);
        if (own.size === 0) held.delete(key);
        // What cannot be given back ends by itself.
        redis.zrem(key, id).catch(() => undefined);
      };
    },
    close() {
      isClosed = true;
      clearTimeout(renewing);
      redis.disconnect();
    },
  };
}
