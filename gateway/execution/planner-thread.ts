/** A thread that plans: what a planning Worker runs. */
import { GraphQLError } from 'graphql';
import { parentPort, workerData } from 'node:worker_threads';
import type { PlanAnswer } from './planning.ts';
import { type Wanted, openPlans } from './planner.ts';

const plan = openPlans(workerData as string);

parentPort!.on('message', (wanted: Wanted) => parentPort!.postMessage(answerOf(wanted)));
parentPort!.postMessage('ready');

function answerOf(wanted: Wanted): PlanAnswer {
  try {
    return { plan: plan(wanted) };
  } catch (error) {
    // An error loses its class on the way.
    const { message } = error as Error;
    const isRefusal = error instanceof GraphQLError;
    return { message, extensions: isRefusal ? error.extensions : null };
  }
}
