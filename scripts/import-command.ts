import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { databaseClock } from '../platform/clock.ts';
import { ConfigError, readConfig } from '../platform/config.ts';
import type { Database } from '../platform/database.ts';
import { type ActivityKind, activityKinds } from '../subgraphs/partners/activities/particulars.ts';
import { Partner } from '../subgraphs/partners/entities.ts';
import { type ActivityFile, openActivityFile } from '../subgraphs/partners/imports/files.ts';
import { type ImportTally, importActivities } from '../subgraphs/partners/imports/imports.ts';
import { openSystem } from './import-database.ts';
import { showProgress } from './import-progress.ts';
import { openRejects, rejectsPathOf } from './import-rejects.ts';

const usage = 'npm run import -- --partner CODE --kind KIND [--enrol] [--rejected PATH] FILE';

interface Order {
  path: string;
  rejectsPath: string;
  partner: string;
  kind: ActivityKind;
  enrols: boolean;
}

/**
 * Does what the words of the command line say.
 *
 * @param write takes the figures at the end
 * @returns the exit code: 0, or that of the signal which ended it early
 * @throws ConfigError for words, a file, a partner or a system that cannot be
 */
export async function importFile(
  words: string[],
  environment: NodeJS.ProcessEnv,
  write: (text: string) => void,
): Promise<number> {
  const order = readOrder(words);
  const { size } = await requireFile(order.path);
  const source = createReadStream(order.path);
  const file = await openActivityFile(source, { fileName: order.path, kind: order.kind });
  if (order.enrols && !file.format.namesAccounts(file.columns)) {
    throw new ConfigError('--enrol needs the column customer.');
  }
  const system = await openSystem(readConfig(environment));
  try {
    const bytesRead = () => source.bytesRead;
    return await run(system.source.manager, order, { file, size, bytesRead, write });
  } finally {
    await system.close();
  }
}

interface Reading {
  file: ActivityFile;
  size: number;
  bytesRead: () => number;
  write: (text: string) => void;
}

/** Imports the file, and tells how it went, also where it ends early. @returns the exit code */
async function run(
  db: Database,
  { path, rejectsPath, partner, kind, enrols }: Order,
  { file, size, bytesRead, write }: Reading,
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
    told.forget();
    await rejects.close();
    if (done) write(summaryOf(done, performance.now() - started, rejectsPath));
  }
  return told.code;
}

function readOrder(words: string[]): Order {
  const { values, positionals } = readWords(words);
  const { partner, kind: given, enrol = false, rejected } = values;
  const [path, ...more] = positionals;
  if (!partner || !given || !path || more.length > 0) throw new ConfigError(usage);
  const kind = activityKinds.find((known) => known === given);
  if (!kind) throw new ConfigError(`There is no kind ${given}: ${activityKinds.join(', ')}.`);
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
function onSignal(): { code: number; forget(): void } {
  const told = { code: 0, forget };
  const interrupt = () => (told.code = 130);
  const terminate = () => (told.code = 143);
  process.on('SIGINT', interrupt).on('SIGTERM', terminate);
  function forget() {
    process.off('SIGINT', interrupt).off('SIGTERM', terminate);
  }
  return told;
}

function summaryOf(tally: ImportTally, ms: number, rejectsPath: string): string {
  const seconds = ms / 1_000;
  const lines: [string, string | number | bigint][] = [
    ['rows', tally.rows],
    ['posted', tally.posted],
    ['  without points', tally.withoutPoints],
    ['refunded', tally.refunded],
    ['already there', tally.alreadyThere],
    ['rejected', tally.rejected > 0 ? `${tally.rejected}  ${rejectsPath}` : 0],
    ['points', tally.points],
    ['members enrolled', tally.enrolled],
    ['seconds', seconds.toFixed(1)],
    ['rows/s', Math.round(tally.rows / seconds)],
  ];
  return lines.map(([name, value]) => `${name.padEnd(18)}${value}\n`).join('');
}
