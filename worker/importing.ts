/**
 * The program of the process that imports: `importApart` starts it. It loads what imports need and no more,
 * and ends with whoever started it.
 */
import '../platform/production.ts';
import { once } from 'node:events';
import { databaseClock as clock } from '../platform/clock.ts';
import type { ImportAnswer, ImportOrder } from './import-process.ts';
import { importFiles } from './imports.ts';
import { openImports } from './pools.ts';

const ending = new AbortController();
const end = () => ending.abort();
// A terminal tells all processes of a group.
process.on('SIGINT', end).on('SIGTERM', end).on('disconnect', end);
const [order] = (await once(process, 'message')) as [ImportOrder];
process.on('message', end);

const answer = await work(order).then(
  (rows): ImportAnswer => ({ rows }),
  (fault: unknown): ImportAnswer => ({ fault }),
);
if (process.connected) {
  const heard = once(process, 'disconnect');
  process.send!(answer);
  await heard;
}
process.exit();

async function work({ url, limits, ms }: ImportOrder): Promise<number> {
  const source = await openImports(url, limits);
  try {
    return await importFiles(source.manager, { clock, limits, ms, ending: ending.signal });
  } finally {
    await source.destroy();
  }
}
