import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/**
 * Opens Redis for what can do without it: a question that cannot be asked at once fails, and the log
 * says once that it is lost. A connection that is silent while something was asked is given up, so
 * that a server that hangs is waited for once, and not by each request.
 *
 * @param lost what is so while it is lost, for the log
 */
export function openRedis(url: string, timeoutMs: number, log: Logger, lost: string): Redis {
  const redis = new Redis(url, {
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Also where there is no connection to end: the process would wait for it.
    disconnectTimeout: timeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  });
  let isLost = false;
  redis.on('error', (err) => {
    if (!isLost) log.warn({ err }, `redis lost: ${lost}`);
    isLost = true;
  });
  redis.on('ready', () => {
    if (isLost) log.info('redis is back');
    isLost = false;
  });
  return redis;
}
