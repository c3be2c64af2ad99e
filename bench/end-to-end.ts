/**
 * Measures the whole of it, to the rows in PostgreSQL, beside Apollo's own gateway in front of ApolloServers
 * that have the same resolvers and the same database: `npm run bench:end-to-end -- --help` lists the options.
 */
import '../platform/production.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runProgram } from '../scripts/program.ts';
import { type Checked, checkAnswers } from './end-to-end/answers.ts';
import {
  type Contender,
  type ContenderName,
  contenderNames,
  sides,
  startContender,
} from './end-to-end/contenders.ts';
import { type Statements, countStatements, databaseCpuMs } from './end-to-end/database.ts';
import { type Ground, openGround } from './end-to-end/ground.ts';
import { profileOf } from './end-to-end/profile.ts';
import { questions } from './end-to-end/questions.ts';
import { type Measured, dearestOf, reportOf, table } from './end-to-end/report.ts';
import { type Load, ask, drive } from './gateway/load.ts';

const usage = `npm run bench:end-to-end -- [options]

  --seconds N         how long each measurement takes (2)
  --runs N            how often each is made, by turns (5)
  --connections LIST  by commas (16,64)
  --questions LIST    of ${Object.keys(questions).join(', ')}
  --stacks LIST       of ${contenderNames.join(', ')} (all but the last)
  --warm-up N         seconds of each question at each stack that do not count (3)
  --profile           tell what each stack's processes compute, instead
  --json FILE         write all measurements there

With BENCH_LOG=1 what the stacks write to stderr is shown.
`;

interface Plan {
  seconds: number;
  warmUp: number;
  runs: number;
  connections: readonly number[];
  asked: readonly string[];
}

/** Requests whose statements are counted, one after the other. */
const countedRequests = 50;
/** Before each measurement, since connections that were idle are closed by then. */
const readySeconds = 0.5;
const triesMax = 5;
/** Modules that spend less are not shown. */
const shownShare = 0.01;

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '2' },
      runs: { type: 'string', default: '5' },
      connections: { type: 'string', default: '16,64' },
      questions: { type: 'string', default: Object.keys(questions).join() },
      stacks: { type: 'string', default: 'stock,own,own in process' },
      'warm-up': { type: 'string', default: '3' },
      profile: { type: 'boolean' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const names = values.stacks.split(',') as ContenderName[];
  const plan: Plan = {
    seconds: Number(values.seconds),
    warmUp: Number(values['warm-up']),
    runs: Number(values.runs),
    connections: values.connections.split(',').map(Number),
    asked: values.questions.split(','),
  };
  const ground = await openGround();
  try {
    if (values.profile) {
      for (const name of names) process.stdout.write(await profiled(name, ground, plan));
    } else {
      await compare(names, ground, plan, values.json);
    }
  } finally {
    await ground.close();
  }
  const load = loadavg()[0]!.toFixed(1);
  process.stdout.write(`\nNode ${process.version}, ${cpus()[0]!.model}, load ${load}.\n`);
});

async function compare(
  names: readonly ContenderName[],
  ground: Ground,
  plan: Plan,
  json: string | undefined,
): Promise<void> {
  const contenders: Contender[] = [];
  try {
    for (const name of names) contenders.push(await startContender(name, ground));
    const checked = await checkAnswers(contenders, plan.asked);
    for (const each of checked.values()) {
      await makeReady({ ...each, connections: 16 }, plan.warmUp);
    }
    const counted = new Map<string, Statements>();
    for (const [name, { port, request }] of checked) {
      counted.set(name, await countStatements(ground, () => ask(port, request), countedRequests));
    }
    const measured = await measureAll(contenders, checked, ground, plan);
    process.stdout.write(reportOf(measured, counted));
    for (const question of plan.asked) {
      const statements = counted.get(`own ${question}`);
      if (statements) process.stdout.write(`\n${dearestOf(question, statements)}`);
    }
    if (json) await writeFile(json, JSON.stringify({ measured, counted: [...counted] }));
  } finally {
    await Promise.all(contenders.map((each) => each.stop()));
  }
}

/** By turns. */
async function measureAll(
  contenders: readonly Contender[],
  checked: ReadonlyMap<string, Checked>,
  ground: Ground,
  { runs, asked, connections: counts, seconds }: Plan,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (let run = 1; run <= runs; run++) {
    for (const question of asked) {
      for (const connections of counts) {
        for (const contender of contenders) {
          const load = { ...checked.get(`${contender.name} ${question}`)!, connections };
          await makeReady(load);
          const figures = await tryAgain(() => measure(contender, { ...load, seconds }, ground));
          measured.push({ contender: contender.name, question, connections, run, ...figures });
        }
      }
    }
  }
  return measured;
}

async function measure(contender: Contender, load: Load, ground: Ground) {
  const before = await timesOf(contender, ground);
  const { took, seconds } = await drive(load);
  const after = await timesOf(contender, ground);
  const spent = (of: keyof typeof after) => (after[of] - before[of]) / took.length;
  return {
    perSecond: took.length / seconds,
    p50: took[Math.floor(took.length * 0.5)]!,
    p99: took[Math.floor(took.length * 0.99)]!,
    cpuMs: {
      gateway: spent('gateway'),
      subgraphs: spent('subgraphs'),
      database: spent('database'),
    },
  };
}

function makeReady(load: Omit<Load, 'seconds'>, seconds = readySeconds): Promise<unknown> {
  return tryAgain(() => drive({ ...load, seconds }));
}

/**
 * The stock subgraphs' servers close a connection that was idle for five seconds, which the stock gateway may
 * send on in that moment: its answer is an error, and what was measured then does not count.
 */
async function tryAgain<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === triesMax) throw error;
    }
  }
}

async function timesOf({ cpuMs }: Contender, ground: Ground): Promise<Measured['cpuMs']> {
  const [gateway, subgraphs, database] = await Promise.all([
    ...sides.map(cpuMs),
    databaseCpuMs(ground),
  ]);
  return { gateway: gateway!, subgraphs: subgraphs!, database: database! };
}

/** What a stack's processes compute for each question, by module. */
async function profiled(name: ContenderName, ground: Ground, plan: Plan): Promise<string> {
  const tables: string[] = [];
  for (const question of plan.asked) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-profile-'));
    const contender = await startContender(name, ground, (side) => [
      '--cpu-prof',
      `--cpu-prof-dir=${join(folder, side)}`,
    ]);
    let answered = 0;
    try {
      const checked = await checkAnswers([contender], [question]);
      const load = { ...checked.get(`${name} ${question}`)!, connections: 16 };
      await makeReady(load, plan.warmUp);
      answered = (await drive({ ...load, seconds: plan.seconds })).took.length;
    } finally {
      await contender.stop();
    }
    for (const side of sides) {
      if (side === 'subgraphs' && name === 'own in process') continue;
      const spent = await profileOf(join(folder, side), plan.seconds);
      tables.push(sharesOf(`${name}: ${question}, ${side}`, spent, answered));
    }
    await rm(folder, { recursive: true });
  }
  return `${tables.join('\n')}\n`;
}

function sharesOf(title: string, spent: ReadonlyMap<string, number>, answered: number): string {
  const all = [...spent.values()].reduce((sum, each) => sum + each, 0);
  const rows = [...spent].toSorted(([, a], [, b]) => b - a);
  const lines = rows.flatMap(([group, micros]) => {
    const share = micros / all;
    if (share < shownShare) return [];
    return [`| ${group} | ${(share * 100).toFixed(1)}% | ${(micros / answered).toFixed(0)} |`];
  });
  return table([title, 'share', 'microseconds a request'], lines);
}
