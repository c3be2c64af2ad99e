import { Supergraph } from '@apollo/federation-internals';
import { buildASTSchema, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openOperations } from '../../gateway/execution/operations.ts';
import { type Planner, openPlanner } from '../../gateway/execution/planner.ts';
import { openPlanning } from '../../gateway/execution/planning.ts';
import { limits } from '../../platform/limits.ts';
import { readSupergraph } from './given.ts';
import { type Sized, largestOperations } from './operations.ts';

const count = 50;
const nsPerMs = 1_000_000;
const bytesPerMb = 1_048_576;

/** Plans the largest operations, each for the first time: in place, and in the thread of the gateway. */
export async function reportPlans(): Promise<string> {
  const sdl = readSupergraph();
  const schema = Supergraph.build(sdl).apiSchema().toGraphQLJSSchema();
  const supergraph = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  const operations = largestOperations(schema, count);
  const parts = { schema, supergraph, wayTo: () => () => Promise.resolve(null) };
  const lines: string[] = [];
  for (const [name, open] of Object.entries({
    'a thread of its own': () => openPlanning(sdl, limits),
    'in place': () => openPlanner(sdl),
  })) {
    const planner = open();
    lines.push(await lineOf(name, planner, operations, parts));
    await planner.close();
  }
  const fields = operations.map((each) => each.fields);
  return [
    `${operations.length} operations of ${fields.at(-1)} to ${fields[0]} lines as they are printed.\n`,
    '| planned in | p50 ms | p90 ms | most ms | own work, at most, ms | nothing else for, at most, ms | kept, MB |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
  ].join('\n');
}

async function lineOf(
  name: string,
  planner: Planner,
  operations: readonly Sized[],
  parts: Parameters<typeof openOperations>[1],
): Promise<string> {
  const store = openOperations(planner, parts, limits.preparedBytes);
  // The planner opens with the first one, which is not the gateway's first either.
  await planner.plan({ source: '{ __typename }', operationName: undefined });
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const took: number[] = [];
  const worked: number[] = [];
  for (const { source, document } of operations) {
    const startedAt = performance.now();
    const workedBefore = ownWorkMs();
    await store.prepare(source, undefined, document);
    took.push(performance.now() - startedAt);
    // Lets the monitor see what it was kept from.
    await new Promise((resolve) => setTimeout(resolve, 5));
    worked.push(ownWorkMs() - workedBefore);
  }
  delay.disable();
  globalThis.gc?.();
  const kept = (process.memoryUsage().heapUsed - before) / bytesPerMb;
  // It is measured while it is held: a store that nobody asks any more would be collected.
  if (!operations.every(({ source }) => store.known(source, undefined))) {
    throw new Error('An operation that was prepared is not kept.');
  }
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1);
  const most = [Math.max(...worked), delay.max / nsPerMs, kept].map((each) => each.toFixed(1));
  return `| ${[name, at(0.5), at(0.9), at(1), ...most].join(' | ')} |`;
}

/** For how long this thread, the one that answers, has had a core: the planner may share it, and others. */
function ownWorkMs(): number {
  const [onCore] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(onCore) / nsPerMs;
}
