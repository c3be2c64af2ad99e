import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { root } from '../../platform/root.ts';
import { makeDemo } from '../../scripts/demo/demo.ts';
import type { Purchase } from '../../scripts/demo/purchases.ts';
import { serverFolder } from '../support/server-folder.ts';
import { freePort } from '../support/ports.ts';
import { type DemoSystem, startDemo } from '../support/system.ts';
import { until } from '../support/until.ts';

/** What a newcomer gets by the README's first command, and by the second start. */
describe('npm start', () => {
  let dataDir: string;
  beforeEach(async () => (dataDir = await serverFolder('demo')));
  afterEach(() => rm(dataDir, { recursive: true }));

  it('makes the demo once, and answers what the README says', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const expected: unknown = JSON.parse(/```json\n([^`]+)```/.exec(readme)![1]!);
    const query = /ask "\$ADA" '(\{ me [^']+)'/.exec(readme)![1]!;

    for (const start of ['first', 'second']) {
      const system = await startDemo(dataDir);
      try {
        const ada = await system.token('member', 'ada@example.com');
        expect([start, await system.ask(ada, query)]).toEqual([start, expected]);
        expect(await countsIn(system)).toEqual(stated());
        // By hand: of 1,236 points that were reported first, 1,180 are spent; then come 769.
        const expiring = '{ me { balance { expiring(within: 55) { points } } } }';
        expect(await system.ask(ada, expiring)).toEqual({
          data: { me: { balance: { expiring: [{ points: 56 }, { points: 769 }] } } },
        });
        expect(await pointsBy(system, 'SHOP')).toBe(pointsOfShop());
        await expectFamily(system);
        const tier = '{ me { tier { tier { code } next { tier { code } } } } }';
        expect(await system.ask(ada, tier)).toEqual({
          data: { me: { tier: { tier: { code: 'GOLD' }, next: { tier: { code: 'PLATINUM' } } } } },
        });
        expect(await tiersIn(system)).toEqual(['BLUE', 'GOLD', 'PLATINUM', 'SILVER']);
        await expectPictures(system, ada);
        expect(system.greeting).toContain('npm run -s token -- member ada@example.com');
      } finally {
        await system.stop();
      }
    }
  }, 240_000);

  it('leaves no server behind where it is stopped before it is ready', async () => {
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    const child = spawn('node', [join(root, 'dist/coalition.js')], {
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: String(await freePort()) },
    });
    const exit = once(child, 'exit');
    await until(() => Promise.resolve(existsSync(pidFile)));

    child.kill('SIGTERM');

    expect(await exit).toEqual([0, null]);
    expect(existsSync(pidFile)).toBe(false);
  });

  it('starts empty with SEED=none: an administrator can bring the first brand in', async () => {
    const system = await startDemo(dataDir, { SEED: 'none' });
    try {
      expect(await countsIn(system)).toMatchObject({ brands: 0, members: 0, purchases: 0 });
      expect(system.greeting).not.toContain('token -- member');
      const admin = await system.token('admin');
      const invite = `mutation { invitePartner(input: {
        code: "NEW", name: "New", kind: OTHER, contactEmail: "new@example.com"
      }) { partner { status } userErrors { code } } }`;
      expect(await system.ask(admin, invite)).toEqual({
        data: { invitePartner: { partner: { status: 'DRAFT' }, userErrors: [] } },
      });
    } finally {
      await system.stop();
    }
  });

  /** Three who spent together. */
  async function expectFamily(system: DemoSystem): Promise<void> {
    const katherine = await system.token('member', 'katherine@example.com');
    const asked = `{ me {
      household { members { member { displayName } } }
      redemptions(first: 1) { nodes { reward { sku } points householdPoints } }
      balance { available }
    } }`;
    const { data } = await system.ask(katherine, asked);
    const { household, redemptions, balance } = data!['me'] as unknown as {
      household: { members: { member: { displayName: string } }[] };
      redemptions: { nodes: { points: number; householdPoints: number }[] };
      balance: object;
    };
    expect(household.members.map(({ member }) => member.displayName).sort()).toEqual([
      'Katherine',
      'Margaret',
      'Radia',
    ]);
    const [night] = redemptions.nodes;
    expect(night).toMatchObject({ reward: { sku: 'HOTEL-NIGHT' }, points: 3_000 });
    expect(night!.householdPoints).toBeGreaterThan(0);
    expect(balance).toEqual({ available: 0 });
  }

  async function expectPictures({ url, ask }: DemoSystem, token: string): Promise<void> {
    const { data } = await ask(
      token,
      '{ partners { nodes { logoUrl rewards { nodes { imageUrl } } } } }',
    );
    const { nodes } = data!['partners'] as unknown as { nodes: Pictured[] };
    const urls = nodes.flatMap((each) => [
      each.logoUrl,
      ...each.rewards.nodes.map((r) => r.imageUrl),
    ]);
    // 6 brands and 41 rewards.
    expect(urls).toHaveLength(47);
    // The second start is on another port: the demo's pictures stay where the first one was.
    for (const each of urls) {
      const answer = await fetch(url + new URL(each).pathname);
      expect([each, answer.status]).toEqual([each, 200]);
    }
  }
});

interface Pictured {
  logoUrl: string;
  rewards: { nodes: { imageUrl: string }[] };
}

/** What the demo's own lists say. */
function stated(): Record<string, number> {
  const { people, purchases, redemptions, posts, reviews, holds } = makeDemo();
  return {
    brands: 6,
    rewards: 41,
    members: people.length,
    purchases: purchases.length,
    // The family's besides.
    redemptions: redemptions.length + 1,
    posts: posts.length,
    reviews: reviews.length,
    holds: holds.length,
  };
}

async function countsIn(system: DemoSystem): Promise<unknown> {
  return query(
    system,
    `SELECT
      (SELECT count(*) FROM partners.partner WHERE status = 'LIVE')::int AS brands,
      (SELECT count(*) FROM rewards.reward WHERE status = 'PUBLISHED')::int AS rewards,
      (SELECT count(*) FROM members.member WHERE status = 'ACTIVE' AND NOT sandbox)::int AS members,
      (SELECT count(*) FROM partners.activity WHERE NOT sandbox)::int AS purchases,
      (SELECT count(DISTINCT transfer_id) FROM ledger.transfer
       WHERE kind = 'REDEMPTION' AND currency = 'PTS')::int AS redemptions,
      (SELECT count(*) FROM community.post)::int AS posts,
      (SELECT count(*) FROM community.review)::int AS reviews,
      (SELECT count(*) FROM ledger.hold WHERE status = 'ACTIVE')::int AS holds`,
  );
}

/** The tiers at which somebody stands. */
async function tiersIn(system: DemoSystem): Promise<string[]> {
  const sql = 'SELECT array_agg(DISTINCT tier ORDER BY tier) AS tiers FROM members.tier_standing';
  return ((await query(system, sql)) as { tiers: string[] }).tiers;
}

/** What a brand has issued, by the ledger. */
async function pointsBy(system: DemoSystem, code: string): Promise<number> {
  const { points } = (await query(
    system,
    `SELECT sum(l.original)::int AS points FROM ledger.lot l
     JOIN partners.partner p ON p.id = l.issuer WHERE p.code = '${code}'`,
  )) as { points: number };
  return points;
}

/** The shop's rules by hand: a point a pound, double from 100, 10 more from 200. */
function pointsOfShop(): number {
  const pointsOf = ({ amount }: Purchase) => {
    const pence = Number(amount.replace('.', ''));
    const double = pence >= 10_000 ? 2 : 1;
    return Math.floor((pence * double) / 100) + (pence >= 20_000 ? 10 : 0);
  };
  return makeDemo()
    .purchases.filter(({ brand }) => brand.code === 'SHOP')
    .reduce((sum, purchase) => sum + pointsOf(purchase), 0);
}

async function query({ socket }: DemoSystem, sql: string): Promise<unknown> {
  const client = new pg.Client({ host: socket, user: 'postgres', database: 'coalition' });
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows[0];
  } finally {
    await client.end();
  }
}
