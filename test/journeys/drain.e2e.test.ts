import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { accruePoints } from '../../ledger/index.ts';
import { signHop } from '../../platform/hop.ts';
import { anonymous } from '../../platform/viewer.ts';
import { startCollector } from '../support/collector.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenMemberAt } from '../support/given-members.ts';
import { anAccrual, givenLedgerPartner } from '../support/given-points.ts';
import { freePort } from '../support/ports.ts';
import { subscribeByEvents } from '../support/streams.ts';
import { startProcess } from '../support/system.ts';
import { until } from '../support/until.ts';

/** A process is started for each. */
const rounds = Math.max(1, Number(process.env['TEST_ROUNDS'] ?? 0) / 50);
const clients = 20;
const hopKey = { id: 'test', secret: '0123456789abcdef0123456789abcdef' };
const queries = {
  all: '{ program { __typename } rewards { nodes { id } } partners { nodes { id } } }',
  gateway: '{ __typename }',
  members: '{ program { __typename } }',
};

/** What a client counts until it is told that its connection closes, and goes elsewhere. */
interface Seen {
  answered: number;
  failed: string[];
  wasTold: boolean;
}

describe('a process that is told to stop', () => {
  const db = useTestDatabase();

  it.each([
    ['all', 'SIGTERM', 'SIGINT'],
    ['gateway', 'SIGINT', 'SIGTERM'],
    ['members', 'SIGTERM', 'SIGINT'],
  ] as const)(
    'fails no request, and ends well: %s',
    async (part, signal, otherSignal) => {
      for (let round = 1; round <= rounds; round++) {
        const collector = await startCollector();
        const running = await startProcess(db, part, {
          HOP_KEYS: `${hopKey.id}:${hopKey.secret}`,
          SEAL_KEY: Buffer.alloc(32, 7).toString('base64url'),
          LAME_DUCK_MS: '1000',
          RATE_LIMITS: 'off',
          SEED: 'none',
          // It has a request in one span; of the others' statements there are more than can wait to be sent.
          ...(part === 'gateway' && { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }),
        });
        const first = await untilWarm(running.url, part);
        const seen = Array.from({ length: clients }, () => ask(running.url, part));

        await setTimeout(150);
        const ended = running.end(round % 2 ? signal : otherSignal);
        const readiness = await untilNotReady(running.url);
        const counts = await Promise.all(seen);

        expect([round, readiness]).toEqual([round, 503]);
        expect([round, counts.flatMap(({ failed }) => failed)]).toEqual([round, []]);
        expect(counts.every(({ answered, wasTold }) => answered > 0 && wasTold)).toBe(true);
        expect(await ended).toBe(0);
        await collector.close();
        const traced = collector.spans.filter(({ name }) => name === 'query').length;
        const answered = counts.reduce((sum, each) => sum + each.answered, first);
        expect([round, traced]).toEqual([round, part === 'gateway' ? answered : 0]);
      }
    },
    rounds * 60_000,
  );

  it('is several at one address: each has streams, is measured, is replaced, and drains', async () => {
    const [email, metricsPort] = ['ada@example.com', await freePort()];
    const issuerId = await givenLedgerPartner(db);
    const memberId = await givenMemberAt(db, email);
    const running = await startProcess(db, 'all', {
      GATEWAY_PROCESSES: '2',
      METRICS_PORT: String(metricsPort),
      LAME_DUCK_MS: '500',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'info',
      SEED: 'none',
    });
    const collect = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const token = await running.token('member', email);
    const follow = () =>
      subscribeByEvents(running.url, token, 'subscription { pointsMoved { id } }');

    // By turns.
    const streams = [await follow(), await follow()];
    await untilWarm(running.url, 'all');
    const before = await collect();
    const [killed, ...others] = pidsOf(running.said());
    process.kill(killed!, 'SIGKILL');
    await until(() => Promise.resolve(streams.some(({ end }) => end !== null)));
    const left = streams.find(({ end }) => end === null)!;
    const answered = await ask(running.url, 'all', 10);
    await accruePoints(db.db('partners'), anAccrual({ memberId, issuerId, points: 5n }));
    await left.told(1);
    await until(() => Promise.resolve(pidsOf(running.said()).length === 3));
    const after = await collect();
    const seen = Array.from({ length: clients }, () => ask(running.url, 'all'));
    await setTimeout(150);
    const code = await running.end('SIGTERM');
    const counts = await Promise.all(seen);

    expect(others).toHaveLength(1);
    expect(openStreams(before)).toEqual({ 1: 1, 2: 1 });
    expect([
      { 1: 0, 2: 1 },
      { 1: 1, 2: 0 },
    ]).toContainEqual(openStreams(after));
    expect(before.match(/^process_start_time_seconds\{process="\d"\} \d+$/gm)).toHaveLength(3);
    expect(before.match(/^# TYPE coalition_pool_connections gauge$/gm)).toHaveLength(1);
    expect(answered).toMatchObject({ answered: 10, failed: [] });
    expect(counts.flatMap(({ failed }) => failed)).toEqual([]);
    expect(counts.every((each) => each.answered > 0 && each.wasTold)).toBe(true);
    expect(left).toMatchObject({ end: 'complete', answers: [{ data: {} }, { errors: [{}] }] });
    expect(code).toBe(0);
  });
});

/** Of the processes that began to answer, by what the first one wrote. */
function pidsOf(said: string): number[] {
  return [...said.matchAll(/"pid":(\d+),"msg":"process answers"/g)].map(([, pid]) => Number(pid));
}

/** How many subscriptions each process has. */
function openStreams(measures: string): Record<string, number> {
  const lines = measures.matchAll(
    /^coalition_gateway_subscriptions_open\{process="(\d)"\} (\d+)$/gm,
  );
  return Object.fromEntries([...lines].map(([, place, open]) => [place!, Number(open)]));
}

interface Answered {
  answer: IncomingMessage;
  text: string;
}

/** Asks again and again on one connection that is kept alive, so often at the most. */
async function ask(url: string, part: keyof typeof queries, timesMax = Infinity): Promise<Seen> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const seen: Seen = { answered: 0, failed: [], wasTold: false };
  while (!seen.wasTold && seen.failed.length === 0 && seen.answered < timesMax) {
    try {
      const { answer, text } = await post(url, agent, part);
      const { statusCode, headers } = answer;
      if (statusCode === 200 && !text.includes('"errors"')) seen.answered++;
      else seen.failed.push(`status ${statusCode}: ${text}`);
      seen.wasTold = headers.connection === 'close';
    } catch (error) {
      seen.failed.push(String(error));
    }
    await setTimeout(Math.random() * 20);
  }
  agent.destroy();
  return seen;
}

/** The first requests of a process, all at once, may take longer than it waits: how many it had to be asked. */
async function untilWarm(url: string, part: keyof typeof queries): Promise<number> {
  let asked = 0;
  await until(async () => {
    const seen = await Promise.all(Array.from({ length: clients }, () => ask(url, part, 1)));
    asked += clients;
    return seen.every(({ failed }) => failed.length === 0);
  });
  return asked;
}

/** What the part says of itself, once it says something else than that it is ready. */
async function untilNotReady(url: string): Promise<number> {
  for (;;) {
    const { status } = await fetch(`${url}/health/ready`);
    if (status !== 200) return status;
    await setTimeout(10);
  }
}

function post(url: string, agent: Agent, part: keyof typeof queries): Promise<Answered> {
  const body = JSON.stringify({ query: queries[part] });
  const hop = { viewer: anonymous, requestId: 'r1' };
  const headers = {
    'content-type': 'application/json',
    ...(part === 'members' && signHop(hopKey, part, hop, body)),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/graphql`, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += String(chunk)));
      answer.once('end', () => resolve({ answer, text }));
      answer.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
