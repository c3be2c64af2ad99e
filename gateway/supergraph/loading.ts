import { type GraphQLSchema, buildSchema } from 'graphql';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Limits } from '../../platform/limits.ts';
import { type Loading, readApi } from './api.ts';

/**
 * Loads what clients see of a supergraph.
 *
 * @param isServing whether another one is served: Apollo's gateway takes a quarter of a second, and then does so in a
 *   thread, which takes longer itself. Not where the program runs from its sources
 * @throws where it cannot be served: the message says why
 */
export async function loadApi(
  loading: Loading,
  isServing: boolean,
  { supergraphLoadMs }: Limits,
): Promise<GraphQLSchema> {
  // Node 20 starts a thread from JavaScript alone.
  const isBuilt = !import.meta.url.endsWith('.ts');
  const sdl =
    isServing && isBuilt
      ? await readInThread(new URL('api-thread.js', import.meta.url), loading, supergraphLoadMs)
      : await readApi(loading);
  return buildSchema(sdl, { assumeValid: true });
}

/** Reads it in a thread, which ends with that. @throws where it takes longer than `mostMs` */
export async function readInThread(file: URL, loading: Loading, mostMs: number): Promise<string> {
  const thread = new Worker(file, { workerData: loading });
  const signal = AbortSignal.timeout(mostMs);
  try {
    const [sdl] = (await once(thread, 'message', { signal })) as [string];
    return sdl;
  } catch (error) {
    throw signal.aborted ? new Error(`It was not loaded within ${mostMs} ms.`) : error;
  } finally {
    await thread.terminate();
  }
}
