import { rm } from 'node:fs/promises';
import { start as startIdentity } from '../../identity/server.ts';
import { migrate } from '../../migrations/index.ts';
import type { Config } from '../../platform/config.ts';
import { Connection, openDatabase } from '../../platform/connection.ts';
import type { Platform } from '../../platform/context.ts';
import { rows } from '../../platform/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { start as startCommunity } from '../../subgraphs/community/server.ts';
import { start as startMembers } from '../../subgraphs/members/server.ts';
import { start as startPartners } from '../../subgraphs/partners/server.ts';
import { start as startRewards } from '../../subgraphs/rewards-catalog/server.ts';
import { start as startWorker } from '../../worker/server.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { serverFolder } from '../support/server-folder.ts';
import { configOn, testPlatform } from '../support/subgraph.ts';
import { until } from '../support/until.ts';

describe('a server that may forget what it has confirmed', () => {
  describe('with one setting', () => {
    let dataDir: string;
    let postgres: EmbeddedPostgres;
    const url = () =>
      `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(postgres.socket)}`;

    beforeAll(async () => {
      dataDir = await serverFolder('durability');
      postgres = await startEmbeddedPostgres(dataDir);
    });
    afterAll(async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true });
    });

    it.each(['fsync', 'full_page_writes', 'synchronous_commit'])(
      'is refused where %s is off, also to be migrated',
      async (setting) => {
        await set(setting, 'off');

        const refused = `${setting} must be on`;
        await expect(openDatabase(url(), [], testConfig().limits, 'test')).rejects.toThrow(refused);
        await expect(migrate(url())).rejects.toThrow(refused);

        await set(setting, 'on');
        await (await openDatabase(url(), [], testConfig().limits, 'test')).destroy();
      },
    );

    /** Changes the setting of the whole server, and waits until new connections have it. */
    async function set(setting: string, value: string): Promise<void> {
      const ask = async (sql: string) => {
        const client = new Connection({ connectionString: url() });
        await client.connect();
        const { rows: found } = await client.query<Record<string, string>>(sql);
        await client.end();
        return found[0];
      };
      await ask(`ALTER SYSTEM SET ${setting} = ${value}`);
      await ask('SELECT pg_reload_conf()');
      await until(async () => (await ask(`SHOW ${setting}`))?.[setting] === value);
    }
  });

  describe('under a part', () => {
    const test = useTestDatabase();
    beforeAll(async () => {
      const [{ name }] = (await rows(test.owner(), 'SELECT current_database() AS name')) as [
        { name: string },
      ];
      await rows(test.owner(), `ALTER DATABASE ${name} SET synchronous_commit = off`);
    });

    it.each<[string, (config: Config, platform: Platform) => Promise<unknown>]>([
      ['members', startMembers],
      ['partners', startPartners],
      ['rewards-catalog', startRewards],
      ['community', startCommunity],
      ['identity', startIdentity],
      ['worker', startWorker],
    ])('stops the start of %s', async (_, start) => {
      await expect(start(configOn(test), testPlatform())).rejects.toThrow(
        'synchronous_commit must be on',
      );
    });
  });
});
