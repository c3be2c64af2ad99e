/**
 * What each hostile request costs the gateway in processor time: `npm run bench:hostile`. Where others ask for
 * the same document, the gateway knows it. It ends with 1 where one costs more than `--most` in the median.
 */
import '../platform/production.ts';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { runProgram } from '../scripts/program.ts';
import { hostileOperations } from '../test/gateway/hostile/operations.ts';

const usage = `npm run bench:hostile -- [options]

  --rounds N  how often each is sent (11)
  --most MS   what one may cost in the median, in milliseconds of processor time (50)
  --show N    how many of the dearest are printed (20)
`;

interface Cost {
  name: string;
  /** Milliseconds: the median, and the dearest. */
  median: number;
  most: number;
}

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '11' },
      most: { type: 'string', default: '50' },
      show: { type: 'string', default: '20' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const gateway = fork(new URL('hostile/gateway.ts', import.meta.url));
  const hear = async () => ((await once(gateway, 'message')) as [string | number])[0];
  const url = `${(await hear()) as string}/graphql`;
  const spent = async () => {
    const heard = hear();
    gateway.send('');
    return ((await heard) as number) / 1_000;
  };
  const send = async (body: string) => {
    const headers = { 'content-type': 'application/json' };
    await (await fetch(url, { method: 'POST', headers, body })).arrayBuffer();
  };

  /** What sending it costs, sent so many times. */
  const costOf = async (name: string, body: string, rounds: number): Promise<Cost> => {
    const costs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = await spent();
      await send(body);
      costs.push((await spent()) - before);
    }
    costs.sort((a, b) => a - b);
    return { name, median: costs[costs.length >> 1]!, most: costs.at(-1)! };
  };

  const found: Cost[] = [];
  const rounds = Number(values.rounds);
  // The compiler of the program's own code is not what is measured.
  for (const { body, fine } of hostileOperations) {
    await send(body);
    if (fine) await send(fine);
  }
  for (const { name, body } of hostileOperations) found.push(await costOf(name, body, rounds));
  gateway.disconnect();
  found.sort((a, b) => b.median - a.median);
  for (const { name, median, most } of found.slice(0, Number(values.show))) {
    process.stdout.write(
      `${median.toFixed(1).padStart(7)} ms  most ${most.toFixed(1).padStart(7)} ms  ${name}\n`,
    );
  }
  const tooDear = found.filter(({ median }) => median > Number(values.most));
  process.stdout.write(
    `${found.length} requests, ${tooDear.length} dearer than ${values.most} ms\n`,
  );
  return tooDear.length > 0 ? 1 : 0;
});
