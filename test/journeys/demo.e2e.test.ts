import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { root } from '../../platform/root.ts';
import { startDemo } from '../support/system.ts';

/** What a newcomer gets by the README's first command, and by the second start. */
describe('npm start', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'coalition-demo-'));
    await chmod(dataDir, 0o755);
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  it('makes the demo once, and answers what the README says', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const expected: unknown = JSON.parse(/```json\n([^`]+)```/.exec(readme)![1]!);
    const query = /ask "\$ADA" '(\{ me [^']+)'/.exec(readme)![1]!;

    for (const start of ['first', 'second']) {
      const system = await startDemo(dataDir);
      try {
        const ada = await system.token('member', 'ada@example.com');
        expect([start, await system.ask(ada, query)]).toEqual([start, expected]);
        expect(await countsIn(system.socket)).toEqual({
          brands: 3,
          members: 20,
          redemptions: 2,
          posts: 1,
        });
        expect(system.greeting).toContain('npm run -s token -- member ada@example.com');
      } finally {
        await system.stop();
      }
    }
  }, 60_000);

  async function countsIn(host: string): Promise<unknown> {
    const client = new pg.Client({ host, user: 'postgres', database: 'coalition' });
    await client.connect();
    try {
      const { rows } = await client.query<object>(`SELECT
        (SELECT count(*) FROM partners.partner WHERE status = 'LIVE')::int AS brands,
        (SELECT count(*) FROM members.member WHERE status = 'ACTIVE')::int AS members,
        (SELECT count(*) FROM ledger.transfer WHERE kind = 'REDEMPTION')::int AS redemptions,
        (SELECT count(*) FROM community.post)::int AS posts`);
      return rows[0];
    } finally {
      await client.end();
    }
  }
});
