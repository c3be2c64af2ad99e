import { jest } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { SubgraphClient } from '../../gateway/subgraph-client.ts';
import { localClient } from '../../gateway/subgraph-client.ts';
import { type Room, openRoom } from '../../gateway/room.ts';
import type { Config } from '../../platform/config.ts';
import { type RunningGateway, post, startSmallGateway } from '../support/gateway.ts';
import { smallSubgraph } from '../support/small-graph.ts';
import { testPlatform } from '../support/subgraph.ts';
import { until } from '../support/until.ts';

describe('the room for requests', () => {
  let rest: number;
  let remaining: number;
  let room: Room;
  beforeEach(() => {
    jest.useFakeTimers();
    jest
      .spyOn(performance, 'eventLoopUtilization')
      .mockImplementation(() => ({ idle: rest, active: 1 - rest, utilization: 1 - rest }));
    rest = 0;
    remaining = 0;
    room = openRoom(200, () => remaining);
  });
  afterEach(() => {
    room.close();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });
  /** A tenth of a second in which answers took so long, in 30 ms, with so many in flight at once. */
  const pass = (times: number[], inFlight: number) => {
    room.entered(inFlight);
    for (const time of times) room.answered(30 * time);
    jest.advanceTimersByTime(100);
    return room.size();
  };
  const all = (time: number, count = 10) => Array<number>(count).fill(time);

  it('grows where it is used, to the most that was set', () => {
    expect(room.size()).toBe(100);
    expect([1, 2, 3].map(() => pass(all(10), room.size()))).toEqual([111, 123, 136]);
    for (let looks = 0; looks < 20; looks++) pass(all(10), room.size());
    expect(room.size()).toBe(200);
    expect(pass(all(10), 100)).toBe(181);
  });

  it('shrinks where half of the answers take longer than one and a half times what is usual', () => {
    pass(all(10), 32);
    // Long operations are not what makes others wait.
    expect(pass([...all(15, 6), ...all(900, 5)], 100)).toBe(111);
    expect(pass([...all(10, 5), ...all(20, 6)], 111)).toBe(83);
    expect(pass(all(20), 83)).toBe(62);
    expect(pass(all(900), 62)).toBe(16);
    expect(pass(all(900), 16)).toBe(16);
    // Back by a tenth, where it is not used.
    expect([1, 2].map(() => pass(all(1), 0))).toEqual([18, 20]);
    expect(pass(all(900), 20)).toBe(16);
    // Too few to say.
    expect(pass(all(1, 9), 16)).toBe(16);
  });

  it('does not shrink where nobody waits for long, however much longer than usual', () => {
    pass(all(1), 100);
    for (let looks = 0; looks < 20; looks++) pass(all(10), 100);
    expect(room.size()).toBeGreaterThan(100);
    expect(pass(all(11), 111)).toBeLessThan(100);
  });

  it('takes for usual what takes longer where there is no load, and nothing else', () => {
    pass(all(10), 1);
    for (let looks = 0; looks < 20; looks++) pass(all(40), 16);
    expect(room.size()).toBe(16);
    rest = 0.1;
    for (let looks = 0; looks < 20; looks++) pass(all(40), 17);
    expect(room.size()).toBe(16);
    // Few have come, but many are there.
    remaining = 100;
    pass(all(40), 17);
    for (let looks = 0; looks < 20; looks++) pass(all(40), 0);
    expect(room.size()).toBe(16);
    remaining = 0;
    pass(all(40), 17);
    // 16, 20.8, 24.6 and 27.7: then 40 is within a half more.
    expect([1, 2, 3, 4].map(() => pass(all(40), 16))).toEqual([16, 16, 16, 18]);
  });
});

describe('a gateway without room', () => {
  const requestsInFlight = 50;
  /** What there is at first. */
  const room = 25;
  const well = localClient(smallSubgraph('partners'));
  const read = '{ partners { id } }';
  let gateway: RunningGateway;
  let metrics: Registry;
  let release: () => void;
  let calls: number;

  async function start(config: Partial<Config> = {}) {
    metrics = new Registry();
    calls = 0;
    const held = new Promise<void>((resolve) => void (release = resolve));
    const partners: SubgraphClient = {
      ...well,
      async send(request, signal) {
        calls++;
        await held;
        return well.send(request, signal);
      },
    };
    gateway = await startSmallGateway({
      clients: { partners },
      config: { requestsInFlight, ...config },
      platform: { ...testPlatform(), metrics },
    });
  }
  afterEach(() => gateway.drain());

  const statusOf = async (path: string) => (await fetch(gateway.url + path)).status;
  const hold = async (count: number) => {
    const held = Array.from({ length: count }, () => post(gateway.url, read));
    await until(() => Promise.resolve(calls === count));
    return held;
  };

  it('refuses what comes on top at once, answers health checks, and goes on when there is room', async () => {
    await start();
    const held = await hold(room);

    const refused = await post(gateway.url, read);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect([await statusOf('/health/live'), await statusOf('/health/ready')]).toEqual([200, 200]);
    // A file takes no room, but does not begin where there is none.
    expect(await statusOf('/exports/0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b11')).toBe(503);
    expect(calls).toBe(room);
    const text = await metrics.metrics();
    expect(text).toContain('overload_refusals_total{reason="busy"} 2\n');
    expect(text).toContain(`requests_in_flight ${room}\n`);

    release();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual(Array(room).fill(200));
    expect((await post(gateway.url, read)).status).toBe(200);
    await until(async () => (await metrics.metrics()).includes('requests_in_flight 0\n'));
  });

  it('gives back the room of clients that went', async () => {
    await start();
    const leaving = new AbortController();
    const left = Array.from({ length: room }, () =>
      fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: read }),
        signal: leaving.signal,
      }).catch(() => undefined),
    );
    await until(() => Promise.resolve(calls === room));
    leaving.abort();
    await Promise.all(left);

    await until(async () => (await metrics.metrics()).includes('requests_in_flight 0\n'));
    release();
    expect((await post(gateway.url, read)).status).toBe(200);
  });

  it('gives no room to bodies that take long to come, until they have', async () => {
    await start();
    const body = JSON.stringify({ query: read });
    const sockets = Array.from({ length: 2 * room }, () => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      socket.write(`${headOf(body)}${body.slice(0, -1)}`);
      return socket;
    });
    await sleep(50);
    const held = await hold(room);
    const [first, ...others] = sockets;
    const refused = once(first!, 'data');
    first!.write(body.slice(-1));
    expect(String(await refused)).toMatch(/^HTTP\/1.1 503 [^]*retry-after: 1\r\n[^]*is busy/i);

    release();
    await Promise.all(held);
    await until(async () => (await metrics.metrics()).includes('requests_in_flight 0\n'));
    const answers = others.map((socket) => once(socket, 'data'));
    for (const socket of others) socket.write(body.slice(-1));
    // Those that find room are answered, whoever was before them.
    const statuses = (await Promise.all(answers)).map((answer) => String(answer).slice(9, 12));
    expect(new Set(statuses)).toContain('200');
    await until(async () => (await metrics.metrics()).includes('requests_in_flight 0\n'));
    for (const socket of sockets) socket.destroy();
  });

  it('hangs up behind a refusal when it drains', async () => {
    await start({ lameDuckMs: 1_000 });
    const held = await hold(room);
    expect((await post(gateway.url, read)).headers.get('connection')).toBe('keep-alive');
    const draining = gateway.drain();
    await until(async () => (await statusOf('/health/ready')) === 503);

    const refused = await post(gateway.url, read);
    expect([refused.status, refused.headers.get('connection')]).toEqual([503, 'close']);

    release();
    await Promise.all(held);
    await draining;
  });
});

function headOf(body: string): string {
  const headers = ['host: x', 'content-type: application/json', `content-length: ${body.length}`];
  return `POST /graphql HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`;
}
