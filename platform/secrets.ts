import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The secrets of a system on one machine, made once and shared by its processes. */
interface Secrets {
  /** Signs the hops between gateway and subgraphs. */
  hop: string;
  /** Seals signing keys and client secrets in the database. */
  seal: string;
}

/**
 * Reads the secrets that this machine's processes share from `DATA_DIR/secrets.json`, and makes them
 * on the first call. Where the environment gives HOP_KEYS and SEAL_KEY, nobody calls this.
 */
export function readSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  const secrets: Secrets = { hop: secret(), seal: secret() };
  mkdirSync(dataDir, { recursive: true });
  try {
    // `wx` lets one of several processes that start together win; the others read what it wrote.
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600, flag: 'wx' });
    return secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
