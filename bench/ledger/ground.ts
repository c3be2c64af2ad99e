import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrate } from '../../migrations/index.ts';
import { roleOf } from '../../platform/config.ts';
import { openDatabase } from '../../platform/connection.ts';
import { type Database, rows } from '../../platform/database.ts';
import { startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { limits } from '../../platform/limits.ts';

/** One database of the run. */
export interface Ground {
  name: string;
  /** As a subgraph has it: its role, its pool, its limits. */
  db: Database;
  /** The owner's: to make the minimal ledger, to count and to audit. */
  owner: Database;
  /** Of a role's connection, for pools and parts of one's own. */
  url: (user: string) => string;
}

export interface Server {
  /** The folder of its socket. */
  host: string;
  version: string;
  /** Makes a migrated database. */
  open(name: string): Promise<Ground>;
  /** Stops the server and removes its data. */
  close(): Promise<void>;
}

/** Long enough for statements over the whole of a large ledger. */
const patientMs = 600_000;

/**
 * Starts the embedded PostgreSQL as `npm start` does, settings and all, on data of its own.
 *
 * @param parent the folder that the data is put in, on the disk that is measured
 */
export async function startServer(parent = tmpdir()): Promise<Server> {
  const dataDir = await mkdtemp(join(parent, 'coalition-bench-'));
  // The server's user is another than root.
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres(dataDir);
  const url = (user: string, database: string) =>
    `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(postgres.socket)}`;
  const sources: DataSource[] = [];
  const connect = async (user: string, database: string, statementMs: number) => {
    const bounds = { ...limits, statementMs, lockMs: statementMs, idleInTransactionMs: patientMs };
    const source = await openDatabase(url(user, database), [], bounds, 'bench');
    sources.push(source);
    return source.manager;
  };
  await migrate(url('postgres', 'coalition'));
  const postgresDatabase = await connect('postgres', 'postgres', patientMs);
  const [server] = await rows<{ version: string }>(
    postgresDatabase,
    `SELECT current_setting('server_version') AS version`,
  );
  return {
    host: postgres.socket,
    version: server!.version,
    async open(name) {
      await rows(postgresDatabase, `CREATE DATABASE ${name} TEMPLATE coalition`);
      return {
        name,
        db: await connect(roleOf('partners'), name, patientMs),
        owner: await connect('postgres', name, patientMs),
        url: (user) => url(user, name),
      };
    },
    async close() {
      await Promise.all(sources.map((source) => source.destroy()));
      await postgres.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Says where a database is, for other programs, and waits until this one is told to end. */
async function keep(server: Server, { name }: Ground): Promise<void> {
  const host = encodeURIComponent(server.host);
  process.stdout.write(`postgresql://postgres@localhost/${name}?host=${host}\n`);
  await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
}

/**
 * Measures a database that was made before, or makes one, which is measured or kept.
 *
 * @param make makes in it what is measured
 */
export async function onGround(
  { url, data, load }: { url?: string | undefined; data?: string | undefined; load: boolean },
  name: string,
  { make, measure }: Record<'make' | 'measure', (owner: Database) => Promise<void>>,
): Promise<void> {
  if (url) {
    const source = await openDatabase(url, [], { ...limits, statementMs: patientMs }, 'bench');
    await measure(source.manager);
    await source.destroy();
    return;
  }
  const server = await startServer(data);
  try {
    const ground = await server.open(name);
    await make(ground.owner);
    await (load ? keep(server, ground) : measure(ground.owner));
  } finally {
    await server.close();
  }
}
