/**
 * Records a partner's file of activities in the system that DATA_DIR or DATABASE_URL names, running
 * or not: `npm run import -- --partner SHOP --kind PURCHASE [--enrol] FILE.csv`. See docs/import.md.
 */
import '../platform/production.ts';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { databaseClock } from '../platform/clock.ts';
import { ConfigError, readConfig } from '../platform/config.ts';
import type { Database } from '../platform/database.ts';
import { recordedKinds } from '../subgraphs/partners/activity-reports.ts';
import { Partner } from '../subgraphs/partners/entities.ts';
import { type ActivityFile, openActivityFile } from '../subgraphs/partners/import-files.ts';
import { type ImportTally, importActivities } from '../subgraphs/partners/imports.ts';
import { openSystem } from './import-database.ts';
import { showProgress } from './import-progress.ts';
import { openRejects, rejectsPathOf } from './import-rejects.ts';
import { runProgram } from './program.ts';

const usage = 'npm run import -- --partner CODE --kind KIND [--enrol] [--rejected PATH] FILE.csv';

interface Order {
  path: string;
  rejectsPath: string;
  partner: string;
  kind: (typeof recordedKinds)[number];
  enrols: boolean;
}

await runProgram(async () => {
  const order = readOrder(process.argv.slice(2));
  const { size } = await requireFile(order.path);
  const source = createReadStream(order.path);
  const file = await openActivityFile(source);
  if (order.enrols && !file.columns.includes('customer')) {
    throw new ConfigError('--enrol needs the column customer.');
  }
  const system = await openSystem(readConfig(process.env));
  try {
    return await run(system.source.manager, order, {
      file,
      size,
      bytesRead: () => source.bytesRead,
    });
  } finally {
    await system.close();
  }
});

/** Imports the file, and tells how it went, also where it ends early. @returns the exit code */
async function run(
  db: Database,
  { path, rejectsPath, partner, kind, enrols }: Order,
  { file, size, bytesRead }: { file: ActivityFile; size: number; bytesRead: () => number },
): Promise<number> {
  const partnerId = await requireLive(db, partner);
  const rejects = await openRejects(rejectsPath, { file: path, columns: file.columns });
  const told = onSignal();
  const progress = showProgress(size);
  const started = performance.now();
  let done: Readonly<ImportTally> | undefined;
  try {
    await importActivities(db, file, {
      // Who may run this holds the database: it dates back as an administrator does.
      reporter: { partnerId, sandbox: false, backdates: true, enrols },
      kind,
      clock: databaseClock,
      reject: (rejections) => rejects.add(rejections),
      goOn(tally) {
        done = tally;
        progress.update(bytesRead(), tally);
        return told.code === 0;
      },
    });
  } finally {
    progress.stop();
    await rejects.close();
    if (done) process.stdout.write(summaryOf(done, performance.now() - started, rejectsPath));
  }
  return told.code;
}

function readOrder(words: string[]): Order {
  const { values, positionals } = readWords(words);
  const { partner, kind: given, enrol = false, rejected } = values;
  const [path, ...more] = positionals;
  if (!partner || !given || !path || more.length > 0) throw new ConfigError(usage);
  const kind = recordedKinds.find((known) => known === given);
  if (!kind) throw new ConfigError(`There is no kind ${given}: ${recordedKinds.join(', ')}.`);
  return { path, partner, kind, enrols: enrol, rejectsPath: rejected ?? rejectsPathOf(path) };
}

function readWords(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        partner: { type: 'string' },
        kind: { type: 'string' },
        enrol: { type: 'boolean' },
        rejected: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new ConfigError(`${(cause as Error).message}\n${usage}`, { cause });
  }
}

async function requireFile(path: string) {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new ConfigError(`There is no file ${path}.`);
  return found;
}

async function requireLive(db: Database, code: string): Promise<string> {
  const partner = await db.findOneBy(Partner, { code });
  if (!partner) throw new ConfigError(`There is no partner ${code}.`);
  if (partner.status !== 'LIVE') {
    throw new ConfigError(`Partner ${code} is ${partner.status}: only LIVE ones earn.`);
  }
  return partner.id;
}

/** Notes that the process is to end: the batch in hand is finished first. */
function onSignal(): { code: number } {
  const told = { code: 0 };
  process.on('SIGINT', () => (told.code = 130));
  process.on('SIGTERM', () => (told.code = 143));
  return told;
}

function summaryOf(tally: ImportTally, ms: number, rejectsPath: string): string {
  const seconds = ms / 1_000;
  const lines: [string, string | number | bigint][] = [
    ['rows', tally.rows],
    ['posted', tally.posted],
    ['  without points', tally.withoutPoints],
    ['already there', tally.alreadyThere],
    ['rejected', tally.rejected > 0 ? `${tally.rejected}  ${rejectsPath}` : 0],
    ['points', tally.points],
    ['members enrolled', tally.enrolled],
    ['seconds', seconds.toFixed(1)],
    ['rows/s', Math.round(tally.rows / seconds)],
  ];
  return lines.map(([name, value]) => `${name.padEnd(18)}${value}\n`).join('');
}
