import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { Worker } from 'node:worker_threads';
import { busy } from '../../platform/errors.ts';
import type { Limits } from '../../platform/limits.ts';
import { type Planner, type Wanted, openPlanner } from './planner.ts';

/** What a planning thread says to each operation; the extensions where it refuses it. */
export type PlanAnswer =
  { plan: QueryPlan } | { message: string; extensions: GraphQLErrorExtensions | null };

interface Waiting extends Wanted {
  resolve: (plan: QueryPlan) => void;
  reject: (error: Error) => void;
}

/** Opens the planner; in a thread of its own, unless the program runs from its sources. */
export function openPlanning(supergraphSdl: string, limits: Limits): Planner {
  // Node 20 starts a thread from JavaScript alone.
  if (import.meta.url.endsWith('.ts')) return openPlanner(supergraphSdl);
  return openThread(new URL('planner-thread.js', import.meta.url), supergraphSdl, limits);
}

/**
 * Plans in a thread, one operation after the other, so that the hundred milliseconds that a large
 * one takes are nobody else's. A plan that takes longer than `limits.planMs` ends the thread, and
 * with it the plan; the next starts another.
 */
export function openThread(
  file: URL,
  supergraphSdl: string,
  { planMs, plansWaiting }: Pick<Limits, 'planMs' | 'plansWaiting'>,
): Planner {
  const waiting: Waiting[] = [];
  let current: Waiting | null = null;
  let thread: Worker | null = null;
  let [isReady, isRetired] = [false, false];
  let timer: NodeJS.Timeout | undefined;

  function start(): Worker {
    const worker = startWorker(file, supergraphSdl);
    worker.on('message', (answer: PlanAnswer | 'ready') => {
      if (worker !== thread) return;
      if (answer === 'ready') isReady = true;
      else settle(answer);
      next();
    });
    worker.on('error', (error) => end(worker, error));
    worker.on('exit', () => end(worker, ended()));
    return worker;
  }

  function next(): void {
    if (isRetired && !current && waiting.length === 0) void letGo();
    if (current || waiting.length === 0) return;
    thread ??= start();
    if (!isReady) return;
    current = waiting.shift()!;
    thread.postMessage(wantedOf(current));
    timer = setTimeout(() => end(thread!, tooLong()), planMs);
  }

  function settle(answer: PlanAnswer): void {
    clearTimeout(timer);
    if ('plan' in answer) current?.resolve(answer.plan);
    else current?.reject(errorOf(answer));
    current = null;
  }

  function end(worker: Worker, error: Error): void {
    if (worker !== thread) return;
    void letGo();
    const failed = current ? [current] : waiting.splice(0);
    current = null;
    for (const each of failed) each.reject(error);
    next();
  }

  async function letGo(): Promise<void> {
    clearTimeout(timer);
    const worker = thread;
    [thread, isReady] = [null, false];
    await worker?.terminate();
  }

  // A first operation waits long enough without the thread's start.
  thread = start();
  return {
    plan: (wanted) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= plansWaiting) return reject(busy());
        waiting.push({ ...wanted, resolve, reject });
        next();
      }),
    retire() {
      isRetired = true;
      next();
    },
    async close() {
      const gone = letGo();
      for (const each of [current, ...waiting.splice(0)]) each?.reject(ended());
      await gone;
    },
  };
}

function wantedOf({ source, operationName }: Waiting): Wanted {
  return { source, operationName };
}

function startWorker(file: URL, supergraphSdl: string): Worker {
  const worker = new Worker(file, { workerData: supergraphSdl });
  // Nothing waits for it where nobody waits for a plan.
  worker.unref();
  return worker;
}

function errorOf({ message, extensions }: Exclude<PlanAnswer, { plan: QueryPlan }>): Error {
  return extensions ? new GraphQLError(message, { extensions }) : new Error(message);
}

function ended(): Error {
  return new Error('The planning thread has ended.');
}

function tooLong(): GraphQLError {
  return new GraphQLError('This operation takes too long to plan.', {
    extensions: { code: 'QUERY_TOO_EXPENSIVE' },
  });
}
