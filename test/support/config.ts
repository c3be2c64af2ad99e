import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../../platform/config.ts';
import type { Limits } from '../../platform/limits.ts';

/**
 * Where production gives up on what is slow: tests race more calls than there are connections, several
 * files at a time, on any machine. Tests of giving up set their own.
 */
export const patient = {
  operationMs: 20_000,
  subgraphCallMs: 15_000,
  statementMs: 10_000,
  poolWaitMs: 10_000,
  lockMs: 2_000,
} as const satisfies Partial<Limits>;

/** A configuration for tests: fixed keys, nothing logged, mail under the temporary folder. */
export function testConfig(environment: Record<string, string> = {}): Config {
  const config = readConfig({
    DATA_DIR: join(tmpdir(), 'coalition-test-data'),
    HOP_KEYS: 'test:0123456789abcdef0123456789abcdef',
    SEAL_KEY: Buffer.alloc(32, 7).toString('base64url'),
    LOG_LEVEL: 'silent',
    LAME_DUCK_MS: '0',
    // On a busy machine answers take long, and 2/25 of this are let in.
    REQUESTS_IN_FLIGHT: '10000',
    ...environment,
  });
  return { ...config, limits: { ...config.limits, ...patient } };
}
