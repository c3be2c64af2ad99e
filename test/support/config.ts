import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../../platform/config.ts';

/** A configuration for tests: fixed keys, nothing logged, mail under the temporary folder. */
export function testConfig(environment: Record<string, string> = {}): Config {
  return readConfig({
    DATA_DIR: join(tmpdir(), 'coalition-test-data'),
    HOP_KEYS: 'test:0123456789abcdef0123456789abcdef',
    SEAL_KEY: Buffer.alloc(32, 7).toString('base64url'),
    LOG_LEVEL: 'silent',
    LAME_DUCK_MS: '0',
    // On a busy machine answers take long, and 2/25 of this are let in.
    REQUESTS_IN_FLIGHT: '10000',
    ...environment,
  });
}
