import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrate } from '../migrations/index.ts';
import { type Config, ConfigError } from '../platform/config.ts';
import { openDatabase } from '../platform/connection.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import * as entities from '../subgraphs/partners/entities.ts';

/** The partners' own connection to a system. */
export interface OpenedDatabase {
  source: DataSource;
  /** Leaves the server as it was found: running or not. */
  close(): Promise<void>;
}

/**
 * Opens the database of a system that runs, or of one that does not, whose embedded server is then
 * started, migrated, and stopped at the end.
 *
 * @throws ConfigError DATA_DIR holds no system; CannotStart
 */
export async function openSystem(config: Config): Promise<OpenedDatabase> {
  try {
    const source = await openPartners(config);
    return { source, close: () => source.destroy() };
  } catch (error) {
    if (!config.embedded || !isAbsent(error)) throw error;
  }
  const { dataDir } = config;
  if (!['postgres', 'server'].some((name) => existsSync(join(dataDir, name)))) {
    throw new ConfigError(
      `There is no system in ${dataDir}: start one with npm start, or set DATA_DIR.`,
    );
  }
  const postgres = await startEmbeddedPostgres(dataDir);
  try {
    await migrate(config.databaseUrl, config.rolePasswords);
    const source = await openPartners(config);
    return {
      source,
      async close() {
        await source.destroy();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** No client waits for an import: a slow moment must not end it. */
const patience = { statementMs: 30_000, lockMs: 10_000, poolWaitMs: 10_000, poolConnections: 1 };

function openPartners({ databaseUrls, limits }: Config): Promise<DataSource> {
  const patient = { ...limits, ...patience };
  return openDatabase(databaseUrls.partners, Object.values(entities), patient, 'import');
}

/** Whether nobody listens where the server would. */
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');
}
