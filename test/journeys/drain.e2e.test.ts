import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { signHop } from '../../platform/hop.ts';
import { anonymous } from '../../platform/viewer.ts';
import { useTestDatabase } from '../support/database.ts';
import { startProcess } from '../support/system.ts';

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
        const running = await startProcess(db, part, {
          HOP_KEYS: `${hopKey.id}:${hopKey.secret}`,
          SEAL_KEY: Buffer.alloc(32, 7).toString('base64url'),
          LAME_DUCK_MS: '1000',
          RATE_LIMITS: 'off',
          SEED: 'none',
        });
        const seen = Array.from({ length: clients }, () => ask(running.url, part));

        await setTimeout(150);
        const ended = running.end(round % 2 ? signal : otherSignal);
        const readiness = await untilNotReady(running.url);
        const counts = await Promise.all(seen);

        expect([round, readiness]).toEqual([round, 503]);
        expect([round, counts.flatMap(({ failed }) => failed)]).toEqual([round, []]);
        expect(counts.every(({ answered, wasTold }) => answered > 0 && wasTold)).toBe(true);
        expect(await ended).toBe(0);
      }
    },
    rounds * 30_000,
  );
});

interface Answered {
  answer: IncomingMessage;
  text: string;
}

/** Asks again and again on one connection that is kept alive. */
async function ask(url: string, part: keyof typeof queries): Promise<Seen> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const seen: Seen = { answered: 0, failed: [], wasTold: false };
  while (!seen.wasTold && seen.failed.length === 0) {
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
