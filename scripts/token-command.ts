import type { DataSource } from 'typeorm';
import { OidcRecord, SigningKey } from '../identity/entities.ts';
import { type TokenHolder, issueToken } from '../identity/tokens.ts';
import { type Config, ConfigError, readConfig } from '../platform/config.ts';
import { openDatabase } from '../platform/connection.ts';

const usage = 'Say for whom: member <email>, partner <code> [scope ...], or admin.';

/**
 * An access token of the demo.
 *
 * @param words for whom, as the command takes them
 * @throws ConfigError for words or a system that cannot be; Refusal for a holder who is not there
 */
export async function tokenFor(words: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const holder = readHolder(words);
  const config = readConfig(environment);
  if (!config.embeddedIssuer) {
    throw new ConfigError(`ISSUER names ${config.issuer}: its tokens are made there, not here.`);
  }
  const source = await openSystem(config);
  try {
    return await issueToken(config, source.manager, holder);
  } finally {
    await source.destroy();
  }
}

function readHolder([kind, name, ...scopes]: string[]): TokenHolder {
  if (kind === 'admin' && !name) return { kind };
  if (kind === 'member' && name && scopes.length === 0) return { kind, email: name };
  if (kind === 'partner' && name) return { kind, code: name, scopes };
  throw new ConfigError(usage);
}

/** Opens the provider's own connection: who may do that may have any token. */
async function openSystem({ databaseUrls, dataDir, limits }: Config): Promise<DataSource> {
  try {
    return await openDatabase(databaseUrls.identity, [OidcRecord, SigningKey], limits, 'token');
  } catch (cause) {
    throw new ConfigError(`No system runs on ${dataDir}; start it with npm start.`, { cause });
  }
}
