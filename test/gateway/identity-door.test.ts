import type { IncomingMessage, ServerResponse } from 'node:http';
import { pino } from 'pino';
import { type IdentityDoor, localIdentity, remoteIdentity } from '../../gateway/identity-door.ts';
import { gatewayConfig, post, startSmallGateway } from '../support/gateway.ts';
import { serve } from '../support/small-graph.ts';
import { testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';

const issuer = await createIssuer();

/** Stands for the identity part: has keys, and tells what reached it. */
async function callback(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { url, method, headers } = request;
  const { authorization, 'content-type': type, 'x-forwarded-for': from } = headers;
  const body = Buffer.concat(chunks).toString();
  const reached = { url, method, authorization, type, from, body };
  response.writeHead(url === '/jwks' ? 200 : 201, {
    'content-type': 'application/json',
    'x-from': 'identity',
  });
  response.end(JSON.stringify(url === '/jwks' ? issuer.jwks : reached));
}

async function givenIdentity() {
  const served = await serve(callback);
  closing.push(served.close);
  const config = gatewayConfig();
  const urls = { ...config.urls, identity: served.url };
  return { ...served, config: { ...config, urls, jwksUrl: `${served.url}/jwks` } };
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const doors: Record<string, () => Promise<IdentityDoor>> = {
  'in one process': () =>
    Promise.resolve(
      localIdentity((request, response) => void callback(request, response), issuer.keys),
    ),
  'over HTTP': async () => remoteIdentity((await givenIdentity()).config),
};

describe.each(Object.entries(doors))('the identity part behind the gateway, %s', (_, open) => {
  async function start() {
    const gateway = await startSmallGateway({ identity: await open() });
    closing.push(() => gateway.drain());
    return gateway;
  }

  it('gets a form post as the client sent it, with the prefix off and the client’s address', async () => {
    const { url } = await start();

    const answer = await fetch(`${url}/identity/token?a=b`, {
      method: 'POST',
      headers: {
        authorization: 'Basic dTpw',
        'x-request-id': 'r1',
        'x-forwarded-for': '192.0.2.1',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'accruals:write' }),
    });

    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-request-id')).toBe('r1');
    expect(answer.headers.get('x-from')).toBe('identity');
    expect(await answer.json()).toEqual({
      url: '/token?a=b',
      method: 'POST',
      authorization: 'Basic dTpw',
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
      // The client's address as the gateway knows it: it trusts no proxy here.
      from: '127.0.0.1',
      body: 'grant_type=client_credentials&scope=accruals%3Awrite',
    });
  });

  it('is not asked for what is not below the prefix', async () => {
    const { url } = await start();

    const statuses = [];
    for (const path of ['/identityx', '/token', '/identity/../token']) {
      statuses.push((await fetch(url + path)).status);
    }

    expect(statuses).toEqual([404, 404, 404]);
  });

  it('signs the tokens that the gateway takes', async () => {
    const { url } = await start();
    const token = await issuer.issue({ principal: 'admin' });

    const { body } = await post(url, '{ hop }', { authorization: `Bearer ${token}` });

    expect(JSON.parse(body.data!['hop']!)).toMatchObject({ viewer: { audience: 'ADMIN' } });
  });
});

describe('an identity part in one process', () => {
  it('finishes its answer while the gateway drains, and does not hold it', async () => {
    const { promise: asked, resolve: ask } = waiting();
    const { promise: held, resolve: finish } = waiting();
    const slow = async (request: IncomingMessage, response: ServerResponse) => {
      ask();
      await held;
      await callback(request, response);
    };
    const gateway = await startSmallGateway({
      identity: localIdentity((request, response) => void slow(request, response), issuer.keys),
    });

    const inFlight = fetch(`${gateway.url}/identity/token`, { method: 'POST', body: 'a=b' });
    await asked;
    const started = performance.now();
    const draining = gateway.drain();
    finish();
    const { status } = await inFlight;
    await draining;

    expect(status).toBe(201);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

function waiting() {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => void (resolve = settle));
  return { promise, resolve };
}

describe('an identity part over HTTP', () => {
  it('that is down is 503, as OAuth has it, and is logged', async () => {
    const { config, close } = await givenIdentity();
    await close();
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    const gateway = await startSmallGateway({
      identity: remoteIdentity(config),
      platform: { ...testPlatform(), log },
    });
    closing.push(() => gateway.drain());

    const answer = await fetch(`${gateway.url}/identity/token`, {
      method: 'POST',
      headers: { 'x-request-id': 'r4' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_secret: 'secret-7' }),
    });

    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('x-request-id')).toBe('r4');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ error: 'temporarily_unavailable' });
    expect(lines.join()).not.toContain('secret-7');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ requestId: 'r4', msg: 'identity unavailable' }),
    ]);
  });
});
