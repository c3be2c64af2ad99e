import { rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { migrate } from '../../migrations/index.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { givenClient } from '../support/given-clients.ts';
import { givenMemberAt } from '../support/given-members.ts';
import { givenPartner } from '../support/given-partners.ts';
import { type TestDatabase, openTestDatabase } from '../support/database.ts';
import { isNightly } from '../support/nightly.ts';
import { serverFolder } from '../support/server-folder.ts';
import { type RunningSystem, startAsProcesses, startInOneProcess } from '../support/system.ts';

const me = '{ me { displayName } }';

const inOneProcess = {
  start: (test: TestDatabase) => startInOneProcess(test, { LOG_LEVEL: 'silent' }),
  gatewayStatus: 503,
};
// The gateway alone needs no database.
const asProcesses = { start: startAsProcesses, gatewayStatus: 200 };
const ways = {
  'in one process': inOneProcess,
  ...(isNightly && { 'with a process for each part': asProcesses }),
};

describe.each(Object.entries(ways))('a system without its database, %s', (_, way) => {
  const { start, gatewayStatus } = way;
  let dataDir: string;
  let postgres: EmbeddedPostgres;
  let test: Awaited<ReturnType<typeof openTestDatabase>>;
  let system: Pick<RunningSystem, 'url' | 'ask' | 'token' | 'stop'>;

  beforeAll(async () => {
    dataDir = await serverFolder('outage');
    postgres = await startEmbeddedPostgres(dataDir);
    const host = encodeURIComponent(postgres.socket);
    const url = (user: string) => `postgresql://${user}@localhost/coalition?host=${host}`;
    await migrate(url('postgres'));
    test = await openTestDatabase(url);
    system = await start(test);
  }, 120_000);
  afterAll(async () => {
    await system.stop();
    await test.close();
    await postgres.stop();
    await rm(dataDir, { recursive: true });
  });

  it('says that it may be asked again, and answers when the database is back', async () => {
    await givenMemberAt(test, 'ada@example.com');
    const client = await givenClient(test, await givenPartner(test));
    const token = await system.token('member', 'ada@example.com');
    const answered = async () => ({
      ada: await system.ask(token, me),
      ready: (await fetch(`${system.url}/health/ready`)).status,
      identity: (await askForToken(client)).status,
    });
    const well = { ada: { data: { me: { displayName: 'Ada' } } }, ready: 200, identity: 200 };
    expect(await answered()).toEqual(well);

    await postgres.stop();

    const { ada, ready, identity } = await answered();
    expect(ada.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect(ready).toBe(gatewayStatus);
    expect(identity).toBeGreaterThanOrEqual(500);
    // Whoever asks meanwhile does not use up what it has.
    await Promise.all(Array.from({ length: 30 }, answered));

    postgres = await startEmbeddedPostgres(dataDir);
    // A pool that is at a vain attempt may need a moment.
    for (let tries = 0; (await system.ask(token, me)).errors && tries < 50; tries++) {
      await setTimeout(100);
    }
    expect(await answered()).toEqual(well);
  });

  function askForToken({ clientId, secret }: { clientId: string; secret: string }) {
    return fetch(`${system.url}/identity/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
  }
});
