import type { DataSource } from 'typeorm';
import { roleOf } from '../platform/config.ts';
import { isReachable, openDatabase } from '../platform/connection.ts';
import type { Database } from '../platform/database.ts';
import type { Limits } from '../platform/limits.ts';
import * as partnersEntities from '../subgraphs/partners/entities.ts';

/** The worker's connections, besides those of its queue. */
export interface Pools {
  /** For steps that are over in a moment: who waits for a connection gets one soon. */
  db: Database;
  /** For steps that take their time. */
  longDb: Database;
  /** For what belongs to imports, under the partners' role: see `asPartners`. */
  partnersDb: Database;
  /** For health checks, and for looks at what waits. */
  healthDb: Database;
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the worker's connections: apart for what is quick, for what takes long, and for health checks, so
 * that no job and no check waits behind a seal of a whole day.
 */
export async function openPools(url: string, limits: Limits): Promise<Pools> {
  const open = (poolConnections: number, poolWaitMs: number, name: string) =>
    openDatabase(url, [], { ...limits, poolConnections, poolWaitMs }, name);
  // No client waits for a job: it may wait for a connection longer than a request does.
  const opened = await Promise.allSettled([
    open(limits.jobConnections, limits.drainMs, 'worker'),
    open(limits.longJobConnections, limits.jobMs / 2, 'worker long jobs'),
    openAsPartners(url, { ...limits, poolConnections: 1 }, 'worker uploads'),
    open(1, limits.poolWaitMs, 'worker health'),
  ]);
  const sources = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const close = async () => void (await Promise.all(sources.map((source) => source.destroy())));
  const [quick, long, uploads, health] = sources;
  if (!quick || !long || !uploads || !health) {
    await close();
    throw opened.find((each) => each.status === 'rejected')!.reason;
  }
  return {
    db: quick.manager,
    longDb: long.manager,
    partnersDb: uploads.manager,
    healthDb: health.manager,
    isReachable: () => isReachable(health),
    close,
  };
}

/** Opens the connections of a process that imports. @param url the worker's database */
export function openImports(url: string, limits: Limits): Promise<DataSource> {
  const { importConnections: poolConnections, importStatementMs: statementMs } = limits;
  const patient = { poolConnections, statementMs, idleInTransactionMs: statementMs };
  return openAsPartners(url, { ...limits, ...patient }, 'worker imports');
}

function openAsPartners(url: string, limits: Limits, name: string): Promise<DataSource> {
  const entities = Object.values(partnersEntities);
  return openDatabase(asPartners(url), entities, { ...limits, poolWaitMs: limits.jobMs / 2 }, name);
}

/**
 * The worker's own connection with the partners' rights in place of its own: what an import posts goes by the
 * partners' rules, which read and write the partners' tables. PostgreSQL lets the worker take on that role,
 * and gives it none of its rights before.
 *
 * All that it looks up it has the key of. A partner's first file fills tables that were nearly empty when the
 * plans of its statements were made: those must not read them whole, again for each batch.
 */
function asPartners(url: string): string {
  const own = new URL(url);
  own.searchParams.set('options', `-c role=${roleOf('partners')} -c enable_seqscan=off`);
  return own.href;
}
