import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import {
  type EmbeddedPostgres,
  socketFolder,
  startEmbeddedPostgres,
} from '../../platform/embedded-postgres.ts';
import { root } from '../../platform/root.ts';
import { kill, postmasterIn, processesNaming, processesOf } from '../support/postgres-processes.ts';

describe('the embedded PostgreSQL, when it goes away', () => {
  let dataDir: string;
  let server: EmbeddedPostgres;
  let lines: { msg: string }[];
  const log = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'coalition-killed-'));
    await chmod(dataDir, 0o755);
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  beforeEach(async () => {
    lines = [];
    server = await startEmbeddedPostgres(dataDir, { log, tries: 2 });
    await ask('CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n');
  });
  afterEach(() => server.stop());

  function connect(): Promise<pg.Client> {
    const host = socketFolder(dataDir);
    const client = new pg.Client({ host, user: 'postgres', database: 'coalition' });
    client.on('error', () => undefined);
    return client.connect().then(() => client);
  }

  async function ask(sql: string): Promise<unknown[]> {
    const client = await connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function logged(message: string): Promise<void> {
    while (!lines.some(({ msg }) => msg === message)) await setTimeout(10);
  }

  async function itIsBack(): Promise<void> {
    await logged('PostgreSQL is back');
    expect(await ask('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await expect(startEmbeddedPostgres(dataDir)).rejects.toThrow('already');
  }

  it('starts it again when all of it is killed, as often as that happens', async () => {
    for (let round = 0; round < 3; round++) {
      lines = [];
      const first = await postmasterIn(dataDir);
      kill(await processesOf(first));

      await itIsBack();
      expect(await postmasterIn(dataDir)).not.toBe(first);
      expect(lines.map(({ msg }) => msg)).toEqual(['PostgreSQL went away', 'PostgreSQL is back']);
    }
  });

  it('starts it again although a process of it is still at work', async () => {
    const busy = await connect();
    const work = busy
      .query('SELECT count(*) FROM (SELECT generate_series(1, 50000000)) n')
      .catch((error: unknown) => error);
    await setTimeout(100);

    kill([await postmasterIn(dataDir)]);

    expect(await work).toMatchObject({ message: 'Connection terminated unexpectedly' });
    await itIsBack();
    expect(lines.map(({ msg }) => msg)).toEqual(['PostgreSQL went away', 'PostgreSQL is back']);
  });

  it('keeps it when it starts its own processes anew', async () => {
    const postmaster = await postmasterIn(dataDir);
    const [, ...children] = await processesOf(postmaster);

    kill(children.slice(0, 1));

    await itIsBack();
    expect(await postmasterIn(dataDir)).toBe(postmaster);
  });

  it('starts a server again that it has taken over', async () => {
    await server.stop();
    const env = { PATH: process.env['PATH'], DATA_DIR: dataDir };
    const killed = spawn('node', [join(root, 'dist/coalition.js'), 'database'], { env });
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const left = await postmasterIn(dataDir);
    server = await startEmbeddedPostgres(dataDir, { log });
    expect(await postmasterIn(dataDir)).toBe(left);

    kill(await processesOf(left));

    await itIsBack();
  });

  it('lets it be when it is told to stop meanwhile', async () => {
    kill(await processesOf(await postmasterIn(dataDir)));
    await logged('PostgreSQL went away');

    await server.stop();

    expect(await processesNaming(dataDir)).toEqual([]);
    await expect(connect()).rejects.toThrow('ENOENT');
  });

  it('gives it up in the end, and makes no other database in its place', async () => {
    const [place, elsewhere] = [join(dataDir, 'postgres'), join(dataDir, 'moved')];
    const pids = await processesOf(await postmasterIn(dataDir));
    await rename(place, elsewhere);

    kill(pids);

    await expect(server.lost).rejects.toThrow('PostgreSQL ended at its start: see');
    expect(existsSync(place)).toBe(false);
    await rename(elsewhere, place);
    server = await startEmbeddedPostgres(dataDir);
    expect(await ask('SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });
});
