import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { rows } from '../../platform/database.ts';
import type { Measurement } from './figures.ts';
import type { Ground } from './ground.ts';
import { type Sample, sampleOf } from './load.ts';
import type { Scale } from './scale.ts';

const run = promisify(execFile);

/** Where Debian's package `postgresql-15` has pgbench, which is on nobody's PATH. */
const debianFolder = '/usr/lib/postgresql/15/bin';
/** Of pgbench's transactions, those whose latency it writes down. */
const sampling = 0.2;

/** What the ledger's figures are told as ratios to. */
export const minimal = 'pgbench, minimal posting, 1,000 partners';

/** As little as a ledger with keys can do; the classic one, with a balance for each partner. */
const schema = `
  CREATE SCHEMA minimal;
  CREATE TABLE minimal.account (
    member_id bigint PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 60);
  CREATE TABLE minimal.partner (
    partner_id integer PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 60);
  CREATE TABLE minimal.idempotency (
    member_id bigint, key uuid, PRIMARY KEY (member_id, key));
  CREATE TABLE minimal.transfer (
    transfer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, member_id bigint NOT NULL,
    partner_id integer NOT NULL, points bigint NOT NULL, posted_at timestamptz NOT NULL);`;

const draw = (members: number, partners: number) => `
\\set member random(1, ${members})
\\set partner random(1, ${partners})
\\set points random(1, 500)`;

const statements = `
BEGIN;
INSERT INTO minimal.idempotency VALUES (:member, gen_random_uuid());
UPDATE minimal.account SET balance = balance + :points WHERE member_id = :member;
INSERT INTO minimal.transfer (member_id, partner_id, points, posted_at)
  VALUES (:member, :partner, :points, now());
UPDATE minimal.partner SET balance = balance + :points WHERE partner_id = :partner;
END;`;

export interface Minimal {
  measurements: Measurement[];
  /** How many clients post the most. */
  clients: number;
}

/**
 * Makes the minimal ledger, and finds how many clients post the most in it.
 *
 * @param host the folder of the server's socket
 * @throws Error there is no pgbench
 */
export async function openMinimal(
  { name: database, owner: db }: Ground,
  host: string,
  { members, seconds }: Scale,
): Promise<Minimal> {
  await rows(db, schema);
  await rows(db, 'INSERT INTO minimal.account SELECT generate_series(1, $1::int), 0', [members]);
  await rows(db, 'INSERT INTO minimal.partner SELECT generate_series(1, 1000), 0');
  await rows(db, 'VACUUM ANALYZE minimal.account, minimal.partner');

  const server = ['-h', host, '-U', 'postgres', database];
  const spread = draw(members, 1_000) + statements;
  let clients = 0;
  let best = 0;
  for (const tried of [4, 8, 16, 32, 64]) {
    const { perSecond } = await pgbench(spread, { clients: tried, seconds: 2 }, server);
    if (perSecond > best) [best, clients] = [perSecond, tried];
  }
  const measure = (name: string, script: string): Measurement => ({
    name,
    against: minimal,
    run: () => pgbench(script, { clients, seconds: Math.max(1, Math.round(seconds)) }, server),
  });
  return {
    clients,
    measurements: [
      measure(minimal, spread),
      measure('the same, one partner', draw(members, 1) + statements),
      measure(
        'the same, in one go (pipelined)',
        `${draw(members, 1_000)}\n\\startpipeline${statements}\n\\endpipeline`,
      ),
    ],
  };
}

/** Runs a script as prepared statements, for whole seconds. */
async function pgbench(
  script: string,
  { clients, seconds }: { clients: number; seconds: number },
  server: string[],
): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), 'coalition-pgbench-'));
  try {
    await writeFile(join(folder, 'script.sql'), `${script}\n`);
    const options = {
      '-f': 'script.sql',
      '-M': 'prepared',
      '-c': clients,
      '-j': Math.min(clients, availableParallelism()),
      '-T': seconds,
      '--log-prefix': 'latency',
      '--sampling-rate': sampling,
    };
    const { stdout } = await run(
      'pgbench',
      ['-n', '-l', ...Object.entries(options).flat().map(String), ...server],
      { cwd: folder, env: { ...process.env, PATH: searchPath() } },
    );
    return await readResult(stdout, folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      `There is no pgbench on PATH, nor in ${debianFolder}: install PostgreSQL's client programs ` +
        '(in Debian: apt-get install postgresql-15).',
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function searchPath(): string {
  return [process.env['PATH'] ?? '', debianFolder].join(delimiter);
}

/** The third field of a line of the log is the transaction's time in microseconds. */
async function readResult(stdout: string, folder: string): Promise<Sample> {
  const figure = (pattern: RegExp) => Number(pattern.exec(stdout)![1]);
  if (figure(/number of failed transactions: (\d+)/) > 0) throw new Error(stdout);
  const logs = (await readdir(folder)).filter((name) => name.startsWith('latency.'));
  const lines = await Promise.all(logs.map((name) => readFile(join(folder, name), 'utf8')));
  const latencies = [...lines.join('').matchAll(/^\d+ \d+ (\d+) /gm)].map(([, us]) => +us! / 1000);
  return {
    ...sampleOf(latencies, 0),
    count: figure(/transactions actually processed: (\d+)/),
    perSecond: figure(/tps = ([\d.]+)/),
  };
}
