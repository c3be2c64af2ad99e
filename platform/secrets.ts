import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The secrets of a system on one machine, made once and shared by its processes. */
interface Secrets {
  /** Signs the hops between gateway and subgraphs. */
  hop: string;
  /** Seals signing keys, client secrets and voucher codes in the database. */
  seal: string;
}

/**
 * Reads the secrets that this machine's processes share from `DATA_DIR/secrets.json`, and makes them
 * on the first call. Where the environment gives HOP_KEYS and SEAL_KEY, nobody calls this.
 */
export function readSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) makeSecrets(file);
  return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
}

/** The file appears whole, and once: of processes that start together, one wins the link. */
function makeSecrets(file: string): void {
  const secrets: Secrets = { hop: secret(), seal: secret() };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(secrets), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
