import { readFile } from 'node:fs/promises';
import { rows } from '../../platform/database.ts';
import type { Ground } from './ground.ts';

const msPerTick = 10;

/** Processor time of all of a server's processes by now, in ms, those that ended included. */
export async function databaseCpuMs({ postmaster }: Ground): Promise<number> {
  for (;;) {
    const before = await ticksOf(postmaster);
    const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    const ticks = await Promise.all(children.trim().split(' ').map(ticksOf));
    // One that ended meanwhile would count twice, or not at all.
    if ((await ticksOf(postmaster)).ended === before.ended) {
      return ticks.reduce((sum, { own }) => sum + own, before.own + before.ended) * msPerTick;
    }
  }
}

/** Of a process, and of its children that ended. */
async function ticksOf(pid: string): Promise<{ own: number; ended: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // What stands behind the name, which is in brackets.
  const times = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = times.slice(11, 15).map(Number);
  return { own: user + system, ended: endedUser + endedSystem };
}

/** What the server did for a request, as it counts itself. */
export interface Statements {
  calls: number;
  /** Of which began, ended or set up a transaction. */
  ofTransactions: number;
  planMs: number;
  executeMs: number;
  /** Rows of `pg_stat_statements`, the dearest first. */
  dearest: { query: string; calls: number; planMs: number; executeMs: number }[];
}

const shown = 12;

/** Lets the server count statements while `ask` is done so often, and nothing else is. */
export async function countStatements(
  { owner }: Ground,
  ask: () => Promise<unknown>,
  times: number,
): Promise<Statements> {
  await counting(owner, 'top');
  await rows(owner, 'SELECT pg_stat_statements_reset()');
  for (let time = 0; time < times; time++) await ask();
  const all = await rows<Statements['dearest'][number] & { isOfTransaction: boolean }>(
    owner,
    `SELECT query, calls::integer AS calls, total_plan_time AS "planMs", total_exec_time AS "executeMs",
       query ~* '^(begin|start|commit|rollback|savepoint|release|set)\\y|set_config' AS "isOfTransaction"
     FROM pg_stat_statements
     WHERE userid <> 'postgres'::regrole
     ORDER BY total_plan_time + total_exec_time DESC`,
  );
  await counting(owner, 'none');
  const sum = (of: (row: (typeof all)[number]) => number) =>
    all.reduce((total, row) => total + of(row), 0) / times;
  return {
    calls: sum(({ calls }) => calls),
    ofTransactions: sum(({ calls, isOfTransaction }) => (isOfTransaction ? calls : 0)),
    planMs: sum(({ planMs }) => planMs),
    executeMs: sum(({ executeMs }) => executeMs),
    dearest: all.slice(0, shown).map(({ query, calls, planMs, executeMs }) => ({
      query,
      calls: calls / times,
      planMs: planMs / times,
      executeMs: executeMs / times,
    })),
  };
}

/** Connections that are open learn of it within a moment. */
async function counting(owner: Ground['owner'], track: 'top' | 'none'): Promise<void> {
  await rows(owner, `ALTER SYSTEM SET pg_stat_statements.track = '${track}'`);
  await rows(owner, `ALTER SYSTEM SET pg_stat_statements.track_planning = on`);
  await rows(owner, 'SELECT pg_reload_conf(), pg_sleep(0.2)');
}
