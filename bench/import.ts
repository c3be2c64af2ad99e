/**
 * Measures an import by upload, as the worker does it, against plain COPY of the same rows into a table of the
 * same columns: `npm run bench:import -- --help` lists the options.
 */
import '../platform/production.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { auditLedger } from '../ledger/index.ts';
import { databaseClock as clock } from '../platform/clock.ts';
import { roleOf } from '../platform/config.ts';
import { type Database, rows } from '../platform/database.ts';
import { limits } from '../platform/limits.ts';
import { root } from '../platform/root.ts';
import { runProgram } from '../scripts/program.ts';
import { ActivityImport } from '../subgraphs/partners/entities.ts';
import { openActivityFile } from '../subgraphs/partners/imports/files.ts';
import { startImport } from '../subgraphs/partners/imports/starting.ts';
import { keepUploadPiece } from '../subgraphs/partners/imports/uploads.ts';
import { openTestDatabase } from '../test/support/database.ts';
import { givenPartner } from '../test/support/given-partners.ts';
import { adminViewer } from '../test/support/subgraph.ts';
import { startServer } from './ledger/ground.ts';

const usage = `npm run bench:import -- [options] [FILE.csv]

  --rows N        of the file that is made, where none is named (100000); of 1,000 one is rejected
  --kills N       how often the process that imports is killed on its way (0)
  --currency C    of the partner's contract (EUR)
  --data FOLDER   where the server's data is put: the disk that is measured (the temporary folder)
`;
const madeColumns = ['reference', 'customer', 'occurred_at', 'amount', 'currency'];

await runProgram(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string', default: '100000' },
      kills: { type: 'string', default: '0' },
      currency: { type: 'string', default: 'EUR' },
      data: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [path] = positionals;
  const file: File = path
    ? { open: () => createReadStream(path), fileName: basename(path), columns: await headOf(path) }
    : {
        open: () => Readable.from(madeFile(Number(values.rows), values.currency)),
        fileName: 'made.csv',
        columns: madeColumns,
        rejected: Math.floor(Number(values.rows) / 1_000),
      };
  const dataDir = await mkdtemp(join(tmpdir(), 'coalition-bench-worker-'));
  const server = await startServer(values.data);
  try {
    const { owner, url } = await server.open('imports');
    const { currency, kills } = values;
    await measure(file, owner, { url, currency, dataDir, kills: Number(kills) });
    process.stdout.write(`\nPostgreSQL ${server.version}; ${cpus().length} cores.\n`);
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true });
  }
  return 0;
});

interface File {
  /** Its bytes, from the first on. */
  open: () => Readable;
  fileName: string;
  columns: string[];
  /** How many of its rows cannot be posted, where that is known. */
  rejected?: number;
}

interface World {
  url: (user: string) => string;
  currency: string;
  /** Of the worker. */
  dataDir: string;
  kills: number;
}

async function measure(
  file: File,
  owner: Database,
  { url, currency, dataDir, kills }: World,
): Promise<void> {
  process.stdout.write(
    '| measured | seconds | rows a second | load |\n| --- | ---: | ---: | ---: |\n',
  );
  const test = await openTestDatabase(url);
  const db = test.db('partners');
  const partnerId = await givenPartner(test, {
    contract: { currency, validFrom: '2000-01-01' },
    rulesFrom: new Date('2000-01-01'),
  });
  const copied = await timed('plain COPY', () => copyPlain(owner, file));
  const upload = await timed('upload', async () => {
    const id = await send(db, partnerId, file);
    return { id, rows: copied.rows };
  });
  const input = { partnerId, kind: 'PURCHASE' as const, upload: upload.id, enrol: true };
  const { id } = await startImport(db, input, { viewer: adminViewer(), clock, limits });
  const worker = startWorker(url(roleOf('worker')), dataDir);
  // It looks for what is due within a minute: that is not counted.
  const watched = await watch(db, id, worker, { kills, rows: copied.rows });
  worker.kill('SIGTERM');
  await timed('plain COPY again', () => copyPlain(owner, file));
  const { status, total, posted, refunded, duplicates, rejected } = watched.done;
  process.stdout.write(
    `\n${status}: of ${total} rows ${posted} posted, ${refunded} refunded, ${duplicates} duplicates, ` +
      `${rejected} rejected; killed ${watched.killed} times, seen on its way at ${watched.seen} rows.\n` +
      `At the most, the process that imports had ${watched.peaks.importing} MB, the worker ` +
      `${watched.peaks.worker} MB.\n`,
  );
  const [kept] = await rows<{ activities: number; lines: number }>(
    test.owner(),
    `SELECT (SELECT count(*)::integer FROM partners.activity WHERE partner_id = $1) AS activities,
            (SELECT count(*)::integer FROM partners.import_rejection WHERE import_id = $2) AS lines`,
    [partnerId, id],
  );
  const differences = await auditLedger(test.owner());
  await test.close();
  const isWhole =
    status === 'DONE' &&
    total === copied.rows &&
    posted + refunded + rejected === total &&
    posted === kept!.activities &&
    rejected === kept!.lines &&
    rejected === (file.rejected ?? rejected);
  if (!isWhole) throw new Error('Not each row was counted once.');
  if (differences.length > 0) throw new Error('The books are not right.');
}

/** What was seen of an import on its way. */
interface Watched {
  done: ActivityImport;
  killed: number;
  /** How many figures a partner would have been shown that asked ten times a second. */
  seen: number;
  /** The most memory of each process, in MB; 0 where the system does not tell. */
  peaks: { worker: number; importing: number };
}

/** Watches an import to its end, and kills the process that is at it, after equal parts of the rows. */
async function watch(
  db: Database,
  id: string,
  worker: ChildProcess,
  { kills, rows: all }: { kills: number; rows: number },
): Promise<Watched> {
  const peaks = { worker: 0, importing: 0 };
  const figures = new Set<number>();
  let killed = 0;
  let startedAt: number | null = null;
  for (;;) {
    const row = await db.findOneByOrFail(ActivityImport, { id });
    if (row.status !== 'QUEUED') startedAt ??= performance.now();
    figures.add(row.rows);
    const importing = await childOf(worker);
    peaks.worker = Math.max(peaks.worker, await peakOf(worker.pid));
    peaks.importing = Math.max(peaks.importing, await peakOf(importing));
    if (row.finishedAt) {
      tell('import by the worker', row.rows, performance.now() - startedAt!);
      return { done: row, killed, seen: figures.size, peaks };
    }
    if (worker.exitCode !== null) throw new Error('The worker has ended.');
    if (importing && killed < kills && row.rows >= ((killed + 1) * all) / (kills + 1)) {
      process.kill(importing, 'SIGKILL');
      killed++;
    }
    await sleep(100);
  }
}

/** Reports how long something took, and for how many rows. */
async function timed<Result extends { rows: number }>(
  name: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const result = await run();
  tell(name, result.rows, performance.now() - startedAt);
  return result;
}

function tell(name: string, count: number, ms: number): void {
  const rate = Math.round((count / ms) * 1_000).toLocaleString('en');
  const load = loadavg()[0]!.toFixed(1);
  process.stdout.write(`| ${name} | ${(ms / 1_000).toFixed(1)} | ${rate} | ${load} |\n`);
}

async function headOf(path: string): Promise<string[]> {
  const { columns } = await openActivityFile(createReadStream(path), {
    fileName: path,
    kind: 'PURCHASE',
  });
  return columns;
}

/** A file of purchases of a tenth as many customers, every thousandth without an amount: the same each time. */
function* madeFile(count: number, currency: string): Generator<string> {
  yield `${madeColumns.join(',')}\n`;
  for (let i = 0; i < count; i++) {
    const day = new Date(Date.UTC(2024, 0, 1 + (i % 700))).toISOString();
    const amount = i % 1_000 === 999 ? 'none' : `${i % 200}.${String(i % 100).padStart(2, '0')}`;
    yield `R${i},C${(i * 7_919) % Math.ceil(count / 10)},${day},${amount},${currency}\n`;
  }
}

/** Into a table of the file's columns, without an index. */
async function copyPlain(owner: Database, { open, columns }: File): Promise<{ rows: number }> {
  await rows(owner, 'DROP TABLE IF EXISTS plain');
  await rows(owner, `CREATE TABLE plain (${columns.map((name) => `${name} text`).join(', ')})`);
  const runner = owner.connection.createQueryRunner();
  const client = (await runner.connect()) as pg.PoolClient;
  try {
    const into = client.query(copyFrom('COPY plain FROM STDIN (FORMAT csv, HEADER)'));
    await pipeline(open(), into);
    return { rows: into.rowCount };
  } finally {
    await runner.release();
  }
}

/** Sends a file as the gateway does, but for the hop. @returns the upload's name */
async function send(db: Database, partnerId: string, { open, fileName }: File): Promise<string> {
  const id = randomUUID();
  let place = 0;
  const keep = (content: Buffer, isLast: boolean) =>
    keepUploadPiece(
      db,
      { id, partnerId, fileName, place: place++, content: content.toString('base64'), isLast },
      { viewer: adminViewer(), clock, limits },
    );
  let chunks: Buffer[] = [];
  let held = 0;
  for await (const chunk of open() as AsyncIterable<string | Buffer>) {
    const bytes = Buffer.from(chunk);
    if (held + bytes.length > limits.uploadPieceBytes) {
      await keep(Buffer.concat(chunks), false);
      [chunks, held] = [[], 0];
    }
    chunks.push(bytes);
    held += bytes.length;
  }
  await keep(Buffer.concat(chunks), true);
  return id;
}

/** A worker as `npm start worker` starts it, on the bench's database. */
function startWorker(workerUrl: string, dataDir: string): ChildProcess {
  return spawn('node', [join(root, 'dist/coalition.js'), 'worker'], {
    env: {
      PATH: process.env['PATH'],
      LOG_LEVEL: 'silent',
      DATA_DIR: dataDir,
      WORKER_DATABASE_URL: workerUrl,
      PORT: '4996',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** The process that a worker has started; undefined for none, and where the system does not tell. */
async function childOf({ pid }: ChildProcess): Promise<number | undefined> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const [child] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
  return child ? Number(child) : undefined;
}

/** The most memory that a process has had, in MB; 0 where the system does not tell. */
async function peakOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return Math.round((Number(kilobytes ?? 0) * 1_024) / 1e6);
}
