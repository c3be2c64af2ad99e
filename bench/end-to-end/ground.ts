import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrate } from '../../migrations/index.ts';
import { readConfig } from '../../platform/config.ts';
import { openDatabase } from '../../platform/connection.ts';
import { type Database, rows } from '../../platform/database.ts';
import { startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { limits } from '../../platform/limits.ts';
import { seed } from '../../scripts/seed.ts';

/** The demo coalition, on a PostgreSQL of its own that counts statements. */
export interface Ground {
  /** What every part that runs on it is started with. */
  environment: Record<string, string>;
  owner: Database;
  /** The process that the server's others are children of. */
  postmaster: string;
  close: () => Promise<void>;
}

/** So that a page of the catalogue has as many. */
const rewards = 60;
const patientMs = 120_000;

export async function openGround(): Promise<Ground> {
  const dataDir = await mkdtemp(join(tmpdir(), 'coalition-bench-'));
  // The server's user is another than root.
  await chmod(dataDir, 0o755);
  let postgres = await startEmbeddedPostgres(dataDir);
  const url = `postgresql://postgres@localhost/coalition?host=${encodeURIComponent(postgres.socket)}`;
  const open = () => openDatabase(url, [], { ...limits, statementMs: patientMs }, 'bench');
  const environment = {
    PATH: process.env['PATH']!,
    DATA_DIR: dataDir,
    DATABASE_URL: url,
    SEAL_KEY: 'A'.repeat(43),
    HOP_KEYS: 'bench:a-secret-of-the-bench-of-32-characters-or-more',
    GRAPHIQL: 'off',
    LAME_DUCK_MS: '0',
    // All requests of a question come from one caller: they are too many.
    RATE_LIMITS: 'off',
    REQUESTS_IN_FLIGHT: '1000',
  };
  let source: DataSource | undefined;
  const close = async () => {
    await source?.destroy();
    await postgres.stop();
    await rm(dataDir, { recursive: true });
  };
  try {
    source = await open();
    await rows(source.manager, `ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`);
    await source.destroy();
    source = undefined;
    await postgres.stop();
    postgres = await startEmbeddedPostgres(dataDir);
    await migrate(url);
    await seed(readConfig(environment));
    source = await open();
    const owner = source.manager;
    await rows(owner, 'CREATE EXTENSION pg_stat_statements');
    await addRewards(owner);
    await rows(owner, 'ANALYZE');
    await rows(owner, 'CHECKPOINT');
    const [server] = await rows<{ postmaster: string }>(
      owner,
      `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS postmaster`,
    );
    return { environment, owner, postmaster: server!.postmaster, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Copies of the demo's own, by other names. */
async function addRewards(owner: Database): Promise<void> {
  await rows(
    owner,
    `WITH copy AS (
       SELECT r.*, gen_random_uuid() AS copy_id
       FROM rewards.reward AS r WHERE status = 'PUBLISHED'
       ORDER BY sku
       LIMIT $1 - (SELECT count(*) FROM rewards.reward WHERE status = 'PUBLISHED')
     ), reward AS (
       INSERT INTO rewards.reward
       SELECT (jsonb_populate_record(NULL::rewards.reward,
         to_jsonb(copy) || jsonb_build_object('id', copy_id, 'sku', sku || '-2'))).*
       FROM copy
       RETURNING id
     )
     INSERT INTO rewards.reward_price (id, reward_id, position, points)
     SELECT gen_random_uuid(), copy.copy_id, price.position, price.points
     FROM copy JOIN rewards.reward_price AS price ON price.reward_id = copy.id`,
    [rewards],
  );
}
