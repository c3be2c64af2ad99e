import { type GraphQLSchema, buildSchema } from 'graphql';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Loading, readApi } from './api.ts';

/**
 * Loads what clients see of a supergraph.
 *
 * @param isServing whether another one is served: Apollo's gateway takes a quarter of a second, and then does so in a
 *   thread, which takes longer itself. Not where the program runs from its sources
 * @throws where it cannot be served: the message says why
 */
export async function loadApi(loading: Loading, isServing: boolean): Promise<GraphQLSchema> {
  // Node 20 starts a thread from JavaScript alone.
  const isBuilt = !import.meta.url.endsWith('.ts');
  const sdl =
    isServing && isBuilt
      ? await readInThread(new URL('api-thread.js', import.meta.url), loading)
      : await readApi(loading);
  return buildSchema(sdl, { assumeValid: true });
}

/** Reads it in a thread, which ends with that. */
export async function readInThread(file: URL, loading: Loading): Promise<string> {
  const thread = new Worker(file, { workerData: loading });
  const [sdl] = (await once(thread, 'message')) as [string];
  await thread.terminate();
  return sdl;
}
