/**
 * Measures gateways side by side, on one core each in its turn, over subgraphs of fixed data:
 * `npm run bench:gateway -- --help` lists the options.
 */
import '../platform/production.ts';
import { writeFile, rm } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { runProgram } from '../scripts/program.ts';
import {
  type Contender,
  type ContenderName,
  contenderNames,
  installHive,
  startContender,
  startSubgraphs,
  usualContenders,
} from './gateway/contenders.ts';
import { checkAnswer, goldenAnswers } from './gateway/golden.ts';
import { type Load, drive, requestOf } from './gateway/load.ts';
import { reportPlans } from './gateway/plans.ts';
import { queries, usualQueries } from './gateway/queries.ts';
import { type Measured, reportOf } from './gateway/report.ts';

const usage = `npm run bench:gateway -- [options]

  --seconds N         how long each measurement takes (2)
  --runs N            how often each is made, by turns (5)
  --connections LIST  by commas (16,64)
  --queries LIST      of ${Object.keys(queries).join(', ')} (${usualQueries.join()})
  --gateways LIST     of ${contenderNames.join(', ')} (${usualContenders.join()})
  --warm-up N         seconds of each query at each gateway that do not count (3)
  --profile FOLDER    write what this gateway computes there, as a CPU profile
  --json FILE         write all measurements there
  --plans             measure how the largest operations are planned, and nothing else

With BENCH_LOG=1 the gateways' logs are shown.
`;

interface Plan {
  seconds: number;
  warmUp: number;
  runs: number;
  connections: readonly number[];
  queries: readonly string[];
}

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '2' },
      runs: { type: 'string', default: '5' },
      connections: { type: 'string', default: '16,64' },
      queries: { type: 'string', default: usualQueries.join() },
      gateways: { type: 'string', default: usualContenders.join() },
      'warm-up': { type: 'string', default: '3' },
      profile: { type: 'string' },
      json: { type: 'string' },
      plans: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  if (values.plans) {
    process.stdout.write(await reportPlans());
    return;
  }
  const wanted = values.gateways.split(',') as ContenderName[];
  const folder = wanted.includes('hive') ? await installHive() : null;
  const subgraphs = await startSubgraphs();
  const given = { urls: subgraphs.urls, folder };
  const contenders: Contender[] = [];
  try {
    for (const name of contenderNames) {
      if (!wanted.includes(name) || (name === 'hive' && !folder)) continue;
      const isProfiled = values.profile !== undefined && name.startsWith('own');
      const options = isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];
      contenders.push(await startContender(name, given, options));
    }
    const measured = await measureAll(contenders, {
      seconds: Number(values.seconds),
      warmUp: Number(values['warm-up']),
      runs: Number(values.runs),
      connections: values.connections.split(',').map(Number),
      queries: values.queries.split(','),
    });
    const peakMb = new Map<ContenderName, number>();
    for (const { name, peakMb: read } of contenders) peakMb.set(name, await read());
    process.stdout.write(reportOf({ measured, peakMb }));
    const load = loadavg()[0]!.toFixed(1);
    process.stdout.write(`\nNode ${process.version}, ${cpus()[0]!.model}, load ${load}.\n`);
    if (values.json) {
      await writeFile(values.json, JSON.stringify({ measured, peakMb: [...peakMb] }));
    }
  } finally {
    await Promise.all(contenders.map((each) => each.stop()));
    await subgraphs.stop();
    if (folder) await rm(folder, { recursive: true });
  }
});

/** Checks and warms all of them, and measures by turns. */
async function measureAll(contenders: readonly Contender[], plan: Plan): Promise<Measured[]> {
  const golden = await goldenAnswers();
  const loads = new Map<string, Omit<Load, 'connections' | 'seconds'>>();
  for (const { name, port } of contenders) {
    for (const query of plan.queries) {
      const bytes = await checkAnswer(port, query, golden.get(query)!);
      const load = { port, request: requestOf(queries[query]!), bytes };
      loads.set(`${name} ${query}`, load);
      await drive({ ...load, connections: 16, seconds: plan.warmUp });
    }
  }
  const measured: Measured[] = [];
  for (let run = 1; run <= plan.runs; run++) {
    for (const query of plan.queries) {
      for (const connections of plan.connections) {
        for (const contender of contenders) {
          const load = loads.get(`${contender.name} ${query}`)!;
          const figures = await measure(contender, { ...load, connections, seconds: plan.seconds });
          measured.push({ contender: contender.name, query, connections, run, ...figures });
        }
      }
    }
  }
  return measured;
}

async function measure({ cpuMs }: Contender, load: Load) {
  const before = await cpuMs();
  const { took, seconds } = await drive(load);
  const spent = (await cpuMs()) - before;
  return {
    perSecond: took.length / seconds,
    p50: took[Math.floor(took.length * 0.5)]!,
    p99: took[Math.floor(took.length * 0.99)]!,
    cpuMs: spent / took.length,
  };
}
