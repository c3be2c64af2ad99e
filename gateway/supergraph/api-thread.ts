/** A thread that loads one supergraph: what `openApi` starts. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Loading, readApi } from './api.ts';

parentPort!.postMessage(await readApi(workerData as Loading));
