/**
 * Measures the ledger against a hand-written minimal posting, on one server, in one run: see
 * README.md here. `npm run bench:ledger -- --help` lists the options.
 */
import '../platform/production.ts';
import { writeFile } from 'node:fs/promises';
import { arch, cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { auditLedger } from '../ledger/index.ts';
import { runProgram } from '../scripts/program.ts';
import { type Measurement, figuresOf, tableOf } from './ledger/figures.ts';
import { fileMeasurements } from './ledger/files.ts';
import { type Server, startServer } from './ledger/ground.ts';
import type { Sample } from './ledger/load.ts';
import { minimal as reference, openMinimal } from './ledger/minimal.ts';
import { postingMeasurements } from './ledger/postings.ts';
import { readMeasurements } from './ledger/reads.ts';
import { type Scale, fullScale, smokeScale } from './ledger/scale.ts';
import { checkCounts, makeWorld } from './ledger/world.ts';

const usage = `npm run bench:ledger -- [options]

  --smoke         small and short: does it run, and are the counts right?
  --rounds N      how often each figure is measured, one after the other (${fullScale.rounds})
  --seconds N     how long, where a load is kept up for a time (${fullScale.seconds})
  --entries N     of the large ledger that is read (${fullScale.entries})
  --only TEXT     only measurements whose names contain it, and what they are compared with
  --data FOLDER   where the server's data is put: the disk that is measured (the temporary folder)
  --json FILE     writes the figures there too
`;

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      entries: { type: 'string' },
      only: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const scale = { ...(values.smoke ? smokeScale : fullScale) };
  for (const name of ['rounds', 'seconds', 'entries'] as const) {
    if (values[name]) scale[name] = Number(values[name]);
  }
  const server = await startServer(values.data);
  try {
    return await bench(server, scale, values);
  } finally {
    await server.close();
  }
});

/** @returns the exit code: 1 where a count or the audit is wrong; a goal that is missed is told */
async function bench(
  server: Server,
  scale: Scale,
  { only = '', json }: { only?: string | undefined; json?: string | undefined },
): Promise<number> {
  const startedAt = new Date();
  const loadBefore = loadavg()[0]!;
  const ground = await server.open('bench');
  const minimal = await openMinimal(ground, server.host, scale);
  tell(`pgbench posts the most with ${minimal.clients} clients`);
  const world = await makeWorld(ground, scale);
  const all = [
    ...minimal.measurements,
    ...postingMeasurements(world, scale),
    ...fileMeasurements(world, scale),
    ...(await readMeasurements(server, scale)),
  ];
  const measurements = chosen(all, only);

  const rounds: Map<string, Sample>[] = [];
  for (let round = 1; round <= scale.rounds; round++) {
    const samples = new Map<string, Sample>();
    for (const measurement of measurements) {
      const sample = await measurement.run();
      samples.set(measurement.name, sample);
      tell(`${round}/${scale.rounds} ${measurement.name}: ${Math.round(sample.perSecond)}/s`);
    }
    rounds.push(samples);
    await checkCounts(world);
  }
  const faults = await auditLedger(ground.owner);
  if (faults.length > 0) throw new Error(`The audit finds ${JSON.stringify(faults.slice(0, 5))}`);

  const figures = figuresOf(measurements, rounds);
  const machine = `${cpus().length} × ${cpus()[0]!.model.trim()}, ${process.platform} ${release()} ${arch()}, Node ${process.version}, PostgreSQL ${server.version}`;
  const run = {
    startedAt,
    machine,
    loadBefore,
    clients: minimal.clients,
    scale,
    movements: world.movements,
    figures,
  };
  if (json) await writeFile(json, `${JSON.stringify(run, null, 2)}\n`);
  process.stdout.write(
    `${tableOf(figures)}\n\n${machine}. ${startedAt.toISOString().slice(0, 10)}; ` +
      `load before: ${loadBefore.toFixed(1)}; ${scale.rounds} rounds of ${scale.seconds} s; ` +
      `pgbench with ${minimal.clients} clients; ${world.movements} movements counted, audit clean.\n`,
  );
  return 0;
}

/** Those that are asked for, and what they are compared with. */
function chosen(all: Measurement[], only: string): Measurement[] {
  const wanted = new Set([reference]);
  for (const { name, against } of all) {
    if (name.includes(only)) wanted.add(name).add(against);
  }
  return all.filter(({ name }) => wanted.has(name));
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
