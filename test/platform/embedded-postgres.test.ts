import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { socketFolder, startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { CannotStart } from '../../platform/postgres-home.ts';
import { root } from '../../platform/root.ts';

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'coalition-embedded-'));
    await chmod(dataDir, 0o755);
  });
  afterAll(async () => {
    await rm(dataDir, { recursive: true });
  });

  async function ask(sql: string): Promise<unknown[]> {
    const client = new pg.Client({
      host: socketFolder(dataDir),
      user: 'postgres',
      database: 'coalition',
    });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }
  const pidFile = () => join(dataDir, 'postgres/postmaster.pid');

  it('makes a database that keeps what it was given, from one start to the next', async () => {
    const first = await startEmbeddedPostgres(dataDir);
    await ask('CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();

    const second = await startEmbeddedPostgres(dataDir, { processes: 3 });

    expect(await ask('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(await ask('SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    // The 200 of one process, and 50 more for each other.
    expect(await ask('SHOW max_connections')).toEqual([{ max_connections: '300' }]);
    await second.stop();
    await expect(ask('SELECT 1')).rejects.toThrow('ENOENT');
  });

  it('leaves alone what another process keeps', async () => {
    const first = await startEmbeddedPostgres(dataDir);

    await expect(startEmbeddedPostgres(dataDir)).rejects.toThrow(
      new CannotStart(`A system runs on ${dataDir} already.`),
    );

    expect(await ask('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await first.stop();
  });

  it('takes over what a killed process left behind', async () => {
    const program = join(root, 'dist/coalition.js');
    const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, GATEWAY_PROCESSES: '3' };
    const killed = spawn('node', [program, 'database'], { env });
    await new Promise((resolve) => killed.stdout.once('data', resolve));
    killed.kill('SIGKILL');
    await new Promise((resolve) => killed.once('exit', resolve));
    const left = await readFile(pidFile(), 'utf8');

    const taken = await startEmbeddedPostgres(dataDir);

    expect(await readFile(pidFile(), 'utf8')).toBe(left);
    expect(await ask('SHOW max_connections')).toEqual([{ max_connections: '300' }]);
    await taken.stop();
    await expect(ask('SELECT 1')).rejects.toThrow('ENOENT');
  });

  it('starts although the number of a lost server is another process’s now', async () => {
    await writeFile(pidFile(), `${process.pid}\n${join(dataDir, 'postgres')}\n`);

    const server = await startEmbeddedPostgres(dataDir);

    expect(await ask('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await server.stop();
  });
});

const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('the embedded PostgreSQL, started by root', () => {
  it('keeps the data of a private folder of root’s where its server may enter', async () => {
    const hidden = await mkdtemp(join(tmpdir(), 'coalition-private-'));
    const first = await startEmbeddedPostgres(hidden);
    await first.stop();
    const home = await realpath(join(hidden, 'server'));

    const second = await startEmbeddedPostgres(hidden);
    await second.stop();

    expect(await realpath(join(hidden, 'server'))).toBe(home);
    expect(await readdir(home)).toContain('postgres');
    await Promise.all([hidden, home].map((folder) => rm(folder, { recursive: true })));
  });
});
