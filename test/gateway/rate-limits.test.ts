import { pino } from 'pino';
import { localIdentity } from '../../gateway/identity-door.ts';
import { openRateLimits } from '../../gateway/rate-limits.ts';
import { networkOf } from '../../platform/networks.ts';
import type { Config } from '../../platform/config.ts';
import type { Limits } from '../../platform/limits.ts';
import { anonymous } from '../../platform/viewer.ts';
import { gatewayConfig, post, startSmallGateway } from '../support/gateway.ts';
import { type TestRedis, hasRedis, startRedis } from '../support/redis.ts';
import { createIssuer } from '../support/tokens.ts';
import { until } from '../support/until.ts';

const issuer = await createIssuer();
const identity = { keys: issuer.keys, mount: () => Promise.resolve() };
const memberIds = [1, 2].map((n) => `0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b1${n}`);

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function given(limits: Partial<Limits>, config: Partial<Config> = {}) {
  const gateway = await startSmallGateway({ identity, limits, config });
  closing.push(() => gateway.drain());
  return gateway;
}

const memberHeaders = async (member_id: string) => ({
  authorization: `Bearer ${await issuer.issue({ principal: 'member', member_id, sub: member_id })}`,
});

describe('a rate', () => {
  it('is told in each answer, and refuses what is over it by its principal', async () => {
    const { url } = await given({ memberRequestsPerMinute: 2 });
    const [first, second] = await Promise.all(memberIds.map(memberHeaders));

    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await post(url, '{ hop }', first));
    const other = await post(url, '{ hop }', second);
    const nobody = await post(url, '{ hop }');

    const statuses = [...answers, other, nobody].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 429, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual([
      expect.stringMatching(/^"member";r=1;t=(60|59)$/),
      expect.stringMatching(/^"member";r=0;t=(60|5\d)$/),
      expect.stringMatching(/^"member";r=0;t=(60|5\d)$/),
    ]);
    expect(answers[0]!.headers.get('ratelimit-policy')).toBe('"member";q=2;w=60');
    expect(answers[2]!.headers.get('retry-after')).toMatch(/^(60|5\d)$/);
    expect(answers[2]!.body).toEqual({
      errors: [
        {
          message: 'Too many requests: ask again after the time in Retry-After.',
          extensions: { code: 'RATE_LIMITED' },
        },
      ],
    });
    expect(nobody.headers.get('ratelimit')).toMatch(/^"anonymous";r=599;/);
  });

  it('counts requests without a good token by address', async () => {
    const { url } = await given({ anonymousRequestsPerMinute: 2 });

    const statuses = [];
    for (const headers of [{}, { authorization: 'Bearer x' }, {}, { authorization: 'Bearer x' }]) {
      statuses.push((await post(url, '{ hop }', headers as Record<string, string>)).status);
    }

    expect(statuses).toEqual([200, 401, 429, 429]);
  });

  it('counts each mutation of who has no token, however it is written', async () => {
    const { url } = await given({ anonymousMutationsPerMinute: 3 });
    const rename = (alias: string) => `${alias}: rename(name: "x") { id }`;
    const two = `mutation { ...M } fragment M on Mutation { ${rename('a')} ${rename('b')} }`;

    const first = await post(url, two);
    const second = await post(url, two);
    const query = await post(url, '{ hop }');
    const member = await post(url, two, await memberHeaders(memberIds[0]!));

    expect([first, second, query, member].map(({ status }) => status)).toEqual([
      200, 429, 200, 200,
    ]);
    expect(second.headers.get('retry-after')).toMatch(/^(60|5\d)$/);
    expect(second.body.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });

  it('counts refused tries at the token endpoint alone, and refuses more of them', async () => {
    const callback = (status: number) =>
      localIdentity((_, response) => void response.writeHead(status).end('{}'), issuer.keys);
    const statuses: number[][] = [];
    for (const status of [401, 200]) {
      const gateway = await startSmallGateway({
        identity: callback(status),
        limits: { tokenRefusalsPerMinute: 2 },
      });
      closing.push(() => gateway.drain());
      const tries = [];
      for (let i = 0; i < 4; i++) {
        const answer = await fetch(`${gateway.url}/identity/token`, { method: 'POST' });
        tries.push(answer.status);
      }
      statuses.push(tries);
    }

    expect(statuses).toEqual([
      [401, 401, 429, 429],
      [200, 200, 200, 200],
    ]);
  });

  it('counts them however the address of the token endpoint is written', async () => {
    const callback = localIdentity(
      (_, response) => void response.writeHead(401).end('{}'),
      issuer.keys,
    );
    const gateway = await startSmallGateway({
      identity: callback,
      limits: { tokenRefusalsPerMinute: 2 },
    });
    closing.push(() => gateway.drain());

    const statuses = [];
    for (const path of ['token/', 'TOKEN', 'token/?x', 'Token', 'token']) {
      statuses.push((await fetch(`${gateway.url}/identity/${path}`, { method: 'POST' })).status);
    }

    expect(statuses).toEqual([401, 401, 429, 429, 429]);
  });

  it('counts what the forms of people who sign in send, and not what they look at', async () => {
    const callback = localIdentity(
      (_, response) => void response.writeHead(303).end(),
      issuer.keys,
    );
    const gateway = await startSmallGateway({
      identity: callback,
      limits: { anonymousMutationsPerMinute: 2 },
    });
    closing.push(() => gateway.drain());
    const asked = [
      ['GET', 'interaction/a/code'],
      ['POST', 'interaction/a/email'],
      ['POST', 'invitation'],
      ['POST', 'interaction/b/email'],
      ['POST', 'invitation/confirm'],
      ['POST', 'token'],
      ['GET', 'interaction/b'],
    ] as const;

    const statuses = [];
    for (const [method, path] of asked) {
      const init = { method, redirect: 'manual' } as const;
      statuses.push((await fetch(`${gateway.url}/identity/${path}`, init)).status);
    }

    expect(statuses).toEqual([303, 303, 303, 429, 429, 303, 303]);
  });

  it('counts what begins a sign-in as requests without a token, however it is written', async () => {
    const callback = localIdentity(
      (_, response) => void response.writeHead(303).end(),
      issuer.keys,
    );
    const gateway = await startSmallGateway({
      identity: callback,
      limits: { anonymousRequestsPerMinute: 3 },
    });
    closing.push(() => gateway.drain());
    const asked = [
      ['GET', 'auth?state=a'],
      ['POST', 'AUTH/'],
      ['POST', 'token'],
      ['GET', 'session/end'],
      ['POST', 'auth'],
      ['GET', 'auth'],
      ['POST', 'session/end'],
      ['POST', 'token'],
    ] as const;

    const statuses = [];
    for (const [method, path] of asked) {
      const init = { method, redirect: 'manual' } as const;
      statuses.push((await fetch(`${gateway.url}/identity/${path}`, init)).status);
    }

    expect(statuses).toEqual([303, 303, 303, 303, 429, 429, 429, 303]);
  });

  it('takes a proxy’s word on the address where it is told to, and no other’s', async () => {
    const statusesOf = async (config: Partial<Config>) => {
      const { url } = await given({ anonymousRequestsPerMinute: 1 }, config);
      const from = (address: string) => post(url, '{ hop }', { 'x-forwarded-for': address });
      const answers = [await from('192.0.2.1'), await from('9.9.9.9, 192.0.2.2')];
      return answers.map(({ status }) => status);
    };

    expect(await statusesOf({})).toEqual([200, 429]);
    expect(await statusesOf({ trustProxy: 1 })).toEqual([200, 200]);
    expect(await statusesOf({ trustProxy: '127.0.0.0/8' })).toEqual([200, 200]);
    expect(await statusesOf({ trustProxy: '10.0.0.0/8' })).toEqual([200, 429]);
  });

  it('is not counted where it is turned off', async () => {
    const { url } = await given({ anonymousRequestsPerMinute: 1 }, { rateLimits: false });

    const answers = [await post(url, '{ hop }'), await post(url, '{ hop }')];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]!.headers.has('ratelimit')).toBe(false);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('is by network: %s is of %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

if (!hasRedis) process.stderr.write('Rates over Redis are not tested: there is no redis-server.\n');

(hasRedis ? describe : describe.skip)('a rate over Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.kill());

  it('is counted by all gateways together, and by each alone while Redis is lost', async () => {
    const config = { ...gatewayConfig({ anonymousRequestsPerMinute: 3 }), redisUrl: redis.url };
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    const gateways = [openRateLimits(config, log), openRateLimits(config, log)];
    closing.push(() => gateways.forEach((each) => each.close()));
    const count = (index: number, address: string) =>
      gateways[index]!.countRequest(address, anonymous).then(
        (headers) => headers['ratelimit'],
        (error: Error) => error.message.slice(0, 17),
      );
    const told = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    let addresses = 0;
    // A connection takes a moment; until then each counts alone.
    const untilTogether = () =>
      until(async () => {
        const address = `192.0.2.${++addresses}`;
        await count(0, address);
        return (await count(1, address))!.includes('r=1');
      });
    await untilTogether();

    const together = [];
    for (const index of [0, 1, 0, 1]) together.push(await count(index, '198.51.100.1'));
    await redis.kill();
    const alone = [await count(0, '198.51.100.2'), await count(1, '198.51.100.2')];
    await until(() => Promise.resolve(told().length === 2));
    const lost = told();
    await redis.start();
    await untilTogether();

    expect(together).toEqual([
      expect.stringContaining('r=2'),
      expect.stringContaining('r=1'),
      expect.stringContaining('r=0'),
      'Too many requests',
    ]);
    expect(alone).toEqual([expect.stringContaining('r=2'), expect.stringContaining('r=2')]);
    // One line from each gateway, however often it tries.
    expect(lost).toEqual(Array(2).fill('redis lost: rates are counted by each gateway alone'));
    expect(told().slice(2)).toEqual(Array(2).fill('redis is back'));
  });

  it('is counted alone where Redis is not there from the start', async () => {
    const callback = localIdentity(
      (_, response) => void response.writeHead(401).end('{}'),
      issuer.keys,
    );
    const gateway = await startSmallGateway({
      identity: callback,
      limits: { tokenRefusalsPerMinute: 1 },
      config: { redisUrl: 'redis://127.0.0.1:1' },
    });
    closing.push(() => gateway.drain());

    const { headers } = await post(gateway.url, '{ hop }');
    const token = () => fetch(`${gateway.url}/identity/token`, { method: 'POST' });
    const refused = [await token(), await token()];

    expect(headers.get('ratelimit')).toContain('r=599');
    expect(refused.map(({ status }) => status)).toEqual([401, 429]);
  });
});
