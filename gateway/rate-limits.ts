import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  type IRateLimiterRedisOptions,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { Config } from '../platform/config.ts';
import { httpRefusal } from '../platform/errors.ts';
import { networkOf } from '../platform/networks.ts';
import type { Viewer } from '../platform/viewer.ts';
import { openRedis } from './redis.ts';

/** How often callers may ask, counted by the minute. */
export interface RateLimits {
  /**
   * Counts a request of a principal, or of an address where there is none.
   *
   * @returns the headers that say what is left
   * @throws GraphQLError RATE_LIMITED (HTTP 429)
   */
  countRequest(address: string, viewer: Viewer | null): Promise<Record<string, string>>;
  /** Counts mutations that need no token: they write, send mail and compare codes. */
  countMutations(address: string, mutations: number): Promise<void>;
  /**
   * Counts the refused tries at the token endpoint, what the forms of people who sign in send, and what
   * begins a sign-in.
   */
  guardTokens(server: FastifyInstance): void;
  close(): void;
}

const seconds = 60;

/** One thing that is counted, by a key. */
interface Counter {
  /** @throws GraphQLError RATE_LIMITED */
  count(key: string, points?: number): Promise<Record<string, string>>;
  /** @throws GraphQLError RATE_LIMITED where one more would be too many */
  check(key: string): Promise<void>;
}

/**
 * Opens the counters: in memory, or in Redis where several gateways are to count together. While
 * Redis is lost each gateway counts alone. A key is forgotten a minute after its first request.
 *
 * @param onTooMany hears of each request that is one too many, by what is counted
 */
export function openRateLimits(
  config: Config,
  log: Logger,
  onTooMany: (name: string) => void = () => undefined,
): RateLimits {
  const { limits } = config;
  const lost = 'rates are counted by each gateway alone';
  const redis = config.redisUrl ? openRedis(config.redisUrl, limits.redisMs, log, lost) : null;
  const counterOf = (name: string, points: number) =>
    config.rateLimits ? openCounter({ name, points, onTooMany }, redis) : uncounted;
  const requests = {
    PUBLIC: counterOf('anonymous', limits.anonymousRequestsPerMinute),
    MEMBER: counterOf('member', limits.memberRequestsPerMinute),
    PARTNER: counterOf('partner', limits.partnerRequestsPerMinute),
    ADMIN: counterOf('admin', limits.memberRequestsPerMinute),
  };
  const mutations = counterOf('anonymous-mutations', limits.anonymousMutationsPerMinute);
  const tokens = counterOf('token-refusals', limits.tokenRefusalsPerMinute);
  return {
    countRequest(address, viewer) {
      const { audience, subject } = viewer ?? { audience: 'PUBLIC' as const, subject: null };
      return requests[audience].count(subject ?? networkOf(address));
    },
    async countMutations(address, count) {
      await mutations.count(networkOf(address), count);
    },
    guardTokens(server) {
      const guard = async ({ method, url, ip }: FastifyRequest, raw: FastifyReply['raw']) => {
        const key = networkOf(ip);
        // Each of them is kept for an hour.
        if (method !== 'POST' || /^\/identity\/(auth|session)\b/i.test(url)) {
          await requests.PUBLIC.count(key);
        }
        if (method !== 'POST') return;
        // They send mail and compare codes, as mutations without a token do.
        if (/^\/identity\/(interaction|invitation)\b/.test(url)) await mutations.count(key);
        await tokens.check(key);
        raw.once('finish', () => {
          const isRefusal = raw.statusCode === 400 || raw.statusCode === 401;
          // The one that is too many is refused when it comes again.
          if (isRefusal) tokens.count(key).catch(() => undefined);
        });
      };
      server.addHook('onRequest', (request, { raw }, next) => {
        // The provider takes its paths in any case, and with a slash behind: it is the only one that
        // knows how its token endpoint can be written.
        if (!request.routeOptions.url?.startsWith('/identity/')) next();
        else guard(request, raw).then(() => next(), next);
      });
    },
    close: () => redis?.disconnect(),
  };
}

const uncounted: Counter = {
  count: () => Promise.resolve({}),
  check: () => Promise.resolve(),
};

interface Rate {
  name: string;
  points: number;
  onTooMany: (name: string) => void;
}

function openCounter({ name, points, onTooMany }: Rate, redis: Redis | null): Counter {
  const rule = { keyPrefix: `coalition:rate:${name}`, points, duration: seconds };
  const memory = new RateLimiterMemory(rule);
  const shared: IRateLimiterRedisOptions = {
    ...rule,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
    // Who has been refused is refused again without a question.
    inMemoryBlockOnConsumed: points + 1,
  };
  const limiter = redis ? new RateLimiterRedis(shared) : memory;
  // Source: draft-ietf-httpapi-ratelimit-headers-10.
  const headersOf = ({ remainingPoints, msBeforeNext }: RateLimiterRes) => ({
    'ratelimit-policy': `"${name}";q=${points};w=${seconds}`,
    ratelimit: `"${name}";r=${Math.max(0, remainingPoints)};t=${Math.ceil(msBeforeNext / 1000)}`,
  });
  const tooMany = (state: RateLimiterRes) => {
    onTooMany(name);
    return httpRefusal(
      429,
      'RATE_LIMITED',
      'Too many requests: ask again after the time in Retry-After.',
      {
        ...headersOf(state),
        'retry-after': String(Math.max(1, Math.ceil(state.msBeforeNext / 1000))),
      },
    );
  };
  return {
    async count(key, count = 1) {
      try {
        return headersOf(await limiter.consume(key, count));
      } catch (error) {
        throw error instanceof RateLimiterRes ? tooMany(error) : error;
      }
    },
    async check(key) {
      const state = await limiter.get(key);
      if (state && state.consumedPoints >= points) throw tooMany(state);
    },
  };
}
