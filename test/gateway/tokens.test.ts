import { jest } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type JWTPayload, createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import WebSocket from 'ws';
import { type ReadToken, createTokenReader, remoteKeys } from '../../gateway/tokens.ts';
import { anonymous } from '../../platform/viewer.ts';
import { testConfig } from '../support/config.ts';
import { type RunningGateway, post, startSmallGateway } from '../support/gateway.ts';
import { serveJson } from '../support/small-graph.ts';
import { createIssuer } from '../support/tokens.ts';

const issuer = await createIssuer();
const stranger = await createIssuer('stranger-1');
const config = testConfig();
const admin: JWTPayload = { principal: 'admin', sub: 'root' };
const now = () => Math.floor(Date.now() / 1000);

/** Each way to make a token that is not good, from one that is. */
const badTokens: [name: string, make: () => Promise<string> | string][] = [
  ['of algorithm none', async () => `${reheaded(await issuer.issue(admin), { alg: 'none' })}`],
  [
    'of algorithm none without a signature',
    async () => unsigned(reheaded(await issuer.issue(admin), { alg: 'none' })),
  ],
  [
    'signed by HS256 with the public key',
    async () => {
      const [header, payload] = parts(reheaded(await issuer.issue(admin), { alg: 'HS256' }));
      const key = JSON.stringify(issuer.jwk);
      const signed = `${header}.${payload}`;
      return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
    },
  ],
  ['of an unknown key', () => issuer.issue(admin, { kid: 'other' })],
  ['of no key', () => issuer.issue(admin, { kid: undefined })],
  ['of an empty key', () => issuer.issue(admin, { kid: '' })],
  ['signed with a stranger’s key', () => stranger.issue(admin, { kid: 'test-1' })],
  ['for another audience', () => issuer.issue({ ...admin, aud: 'https://elsewhere.example' })],
  ['for no audience', () => issuer.issue({ ...admin, aud: undefined as never })],
  ['of another issuer', () => issuer.issue({ ...admin, iss: 'https://elsewhere.example' })],
  [
    'of an issuer that differs by a slash',
    () => issuer.issue({ ...admin, iss: `${config.issuer}/` }),
  ],
  ['that never expires', () => issuer.issue({ ...admin, exp: undefined as never })],
  ['of another type', () => issuer.issue(admin, { typ: 'JWT' })],
  ['of no type', () => issuer.issue(admin, { typ: undefined })],
  ['from the future', () => issuer.issue({ ...admin, iat: now() + 60 })],
  ['of no instant', () => issuer.issue({ ...admin, iat: undefined as never })],
  ['that is not valid yet', () => issuer.issue({ ...admin, nbf: now() + 60 })],
  ['without a subject', () => issuer.issue({ ...admin, sub: undefined as never })],
  ['without a client', () => issuer.issue({ ...admin, client_id: undefined })],
  ['without an id', () => issuer.issue({ ...admin, jti: undefined as never })],
  [
    'that brings its own key',
    async () => {
      const { jwk, issue } = stranger;
      return issue(admin, { jwk, kid: 'test-1' });
    },
  ],
  [
    'that says where its key is',
    () => stranger.issue(admin, { kid: 'test-1', jku: 'http://127.0.0.1:9/jwks' }),
  ],
  [
    'with an extension that must be understood',
    async () => reheaded(await issuer.issue(admin), { crit: ['odd'], odd: true }),
  ],
  ['with its signature cut off', async () => unsigned(await issuer.issue(admin))],
  ['with half of its signature', async () => (await issuer.issue(admin)).slice(0, -43)],
  [
    'with a signature of zeros',
    async () => unsigned(await issuer.issue(admin)) + Buffer.alloc(64).toString('base64url'),
  ],
  [
    'with other claims than were signed',
    async () => {
      const [header, payload, signature] = parts(
        await issuer.issue({ ...admin, principal: 'member' }),
      );
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      return `${header}.${encoded({ ...claims, principal: 'admin' })}.${signature}`;
    },
  ],
  ['that is no token', () => 'abc'],
  ['in five parts', () => 'a.b.c.d.e'],
];

describe('a token', () => {
  const read: ReadToken = createTokenReader(config, issuer.keys);
  afterEach(() => jest.useRealTimers());

  it('names the viewer', async () => {
    const token = await issuer.issue({ ...admin, scope: 'partners:manage' });

    expect(await read(`Bearer ${token}`)).toEqual({
      ...anonymous,
      audience: 'ADMIN',
      subject: 'root',
      scopes: ['PARTNERS_MANAGE'],
    });
  });

  it('may be absent: the viewer is anonymous', async () => {
    expect(await read(undefined)).toBe(anonymous);
  });

  it('may be a list of audiences, and some seconds off', async () => {
    const aud = ['https://elsewhere.example', config.audience];
    const token = await issuer.issue({ ...admin, aud, iat: now() + 3, exp: now() - 3 });

    expect(await read(`Bearer ${token}`)).toMatchObject({ audience: 'ADMIN' });
  });

  it.each(badTokens)('is refused when %s', async (_, make) => {
    const token = await make();

    await expect(read(`Bearer ${token}`)).rejects.toMatchObject({
      message: 'The token is not valid.',
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
  });

  it.each([
    ['its time is over', { iat: now() - 100, exp: now() - 6 }],
    ['it is over an hour old', { iat: now() - 3_606, exp: now() + 60 }],
  ])('has expired when %s', async (_, times) => {
    const token = await issuer.issue({ ...admin, ...times });

    await expect(read(`Bearer ${token}`)).rejects.toMatchObject({
      message: 'The token has expired.',
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
  });

  it.each([
    ['its time is over', 0, 10],
    ['it is over an hour old', -3_590, 60],
  ])('is read again as it was, until %s', async (_, issued, ends) => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const token = await issuer.issue({ ...admin, iat: now() + issued, exp: now() + ends });
    const viewer = await read(`Bearer ${token}`);

    expect(await read(`bearer ${token}`)).toEqual(viewer);
    jest.setSystemTime(Date.now() + 14_000);
    expect(await read(`Bearer ${token}`)).toEqual(viewer);
    jest.setSystemTime(Date.now() + 2_000);
    await expect(read(`Bearer ${token}`)).rejects.toMatchObject({
      message: 'The token has expired.',
    });
  });

  it.each([
    ['is not there any more', []],
    ['is another of its name', [{ ...stranger.jwk, kid: issuer.jwk.kid }]],
  ])('that was good is refused when its key %s', async (_, later) => {
    let keys = issuer.keys;
    const read = createTokenReader(config, (...asked) => keys(...asked));
    const token = await issuer.issue(admin);
    await read(`Bearer ${token}`);
    keys = createLocalJWKSet({ keys: later });

    await expect(read(`Bearer ${token}`)).rejects.toMatchObject({
      message: 'The token is not valid.',
    });
  });

  it('that was good is refused with another signature', async () => {
    const token = await issuer.issue(admin);
    await read(`Bearer ${token}`);

    await expect(read(`Bearer ${unsigned(token)}${'A'.repeat(86)}`)).rejects.toMatchObject({
      message: 'The token is not valid.',
    });
  });

  it('that is forged is not told that it has expired', async () => {
    const token = await stranger.issue(
      { ...admin, iat: now() - 100, exp: now() - 6 },
      { kid: 'test-1' },
    );

    await expect(read(`Bearer ${token}`)).rejects.toThrow('The token is not valid.');
  });

  it.each(['', 'Bearer', 'Basic dTpw', 'Bearer a b', 'Token a.b.c'])(
    'is refused when the header is "%s"',
    async (header) => {
      await expect(read(header)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    },
  );

  it.each([
    ['no principal', {}],
    ['an unknown principal', { principal: 'root' }],
    ['a member without an id', { principal: 'member' }],
    ['a partner whose id is no id', { principal: 'partner', partner_id: '*' }],
  ])('is forbidden when it names %s', async (_, claims) => {
    const token = await issuer.issue(claims);

    await expect(read(`Bearer ${token}`)).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN', http: { status: 403 } },
    });
  });
});

describe('every bad token', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    const identity = { keys: issuer.keys, mount: () => Promise.resolve() };
    gateway = await startSmallGateway({ identity });
  });
  afterAll(() => gateway.drain());

  /** Every way in, and what it answers a bearer with. */
  const id = '0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b11';
  const ways: [name: string, path: string, init: RequestInit][] = [
    ['the graph', '/graphql', { method: 'POST', body: '{"query":"{ hop }"}' }],
    [
      'events',
      '/graphql',
      { method: 'POST', body: '{"query":"{ hop }"}', headers: { accept: 'text/event-stream' } },
    ],
    ['an export', `/exports/${id}`, {}],
    ['a statement', `/statements/${id}.csv`, {}],
    ['a file', '/imports/a.csv', { method: 'PUT', body: 'a' }],
    ['rejected rows', `/imports/${id}/rejections.csv`, {}],
  ];

  it.each(ways)('is refused by %s', async (_, path, init) => {
    for (const [name, make] of badTokens) {
      const answer = await fetch(gateway.url + path, {
        ...init,
        headers: {
          'content-type': 'application/json',
          ...(init.headers as Record<string, string>),
          authorization: `Bearer ${await make()}`,
        },
      });

      expect([name, answer.status]).toEqual([name, 401]);
      expect(await answer.json()).toEqual({
        errors: [{ message: 'The token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });

  it.each(['in its first message', 'in its head'])('is refused by a socket, %s', async (place) => {
    const closes = badTokens.map(async ([name, make]) => {
      const authorization = `Bearer ${await make()}`;
      const isInHead = place === 'in its head';
      const socket = new WebSocket(
        `${gateway.url.replace('http', 'ws')}/graphql`,
        'graphql-transport-ws',
        { headers: isInHead ? { authorization } : {} },
      );
      const ended = Promise.race([
        once(socket, 'close').then((told) => told[0] as number),
        once(socket, 'unexpected-response').then(
          (told) => (told[1] as { statusCode: number }).statusCode,
        ),
      ]);
      socket.once('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })),
      );
      return [name, await ended];
    });

    expect(await Promise.all(closes)).toEqual(
      badTokens.map(([name]) => [name, place === 'in its head' ? 401 : 4401]),
    );
  });
});

describe('a refused token over HTTP', () => {
  it.each<[string, JWTPayload, header: Record<string, unknown>]>([
    ['The token is not valid.', {}, { kid: undefined }],
    ['The token has expired.', { exp: now() - 60 }, {}],
  ])('is 401 with a challenge, and runs nothing: %s', async (message, claims, header) => {
    const identity = { keys: issuer.keys, mount: () => Promise.resolve() };
    const gateway = await startSmallGateway({ identity });

    const { status, headers, body } = await post(gateway.url, '{ partners { id } }', {
      authorization: `Bearer ${await issuer.issue({ ...admin, ...claims }, header)}`,
    });
    await gateway.drain();

    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer error="invalid_token", error_description="${message}"`,
    );
    expect(body).toEqual({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('is 403 where it names no principal, and 503 where the keys cannot be had', async () => {
    const token = await issuer.issue({});
    const authorization = `Bearer ${token}`;
    const down = () => Promise.reject(new TypeError('fetch failed: http://10.0.0.7/jwks'));

    const statuses = [];
    for (const keys of [issuer.keys, down]) {
      const identity = { keys, mount: () => Promise.resolve() };
      const gateway = await startSmallGateway({ identity });
      const { status, body } = await post(gateway.url, '{ hop }', { authorization });
      await gateway.drain();
      statuses.push([status, body.errors?.[0]]);
    }

    expect(statuses).toEqual([
      [403, { message: 'This token does not allow it.', extensions: { code: 'FORBIDDEN' } }],
      [
        503,
        { message: 'Tokens cannot be checked now.', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
      ],
    ]);
  });
});

describe('an issuer’s keys', () => {
  it('are found through its discovery document', async () => {
    const served = await serveJson((path) =>
      path === '/.well-known/openid-configuration'
        ? { issuer: served.url, jwks_uri: `${served.url}/keys` }
        : path === '/keys' && issuer.jwks,
    );
    const external = { ...config, issuer: served.url, jwksUrl: null };
    const read = createTokenReader(external, remoteKeys(external));

    const viewer = await read(`Bearer ${await issuer.issue({ ...admin, iss: served.url })}`);
    await served.close();

    expect(viewer).toMatchObject({ audience: 'ADMIN' });
  });

  it('are not taken from another issuer’s document, nor is the token blamed', async () => {
    const served = await serveJson(() => ({
      issuer: 'https://elsewhere.example',
      jwks_uri: served.url,
    }));
    const external = { ...config, issuer: served.url, jwksUrl: null };
    const read = createTokenReader(external, remoteKeys(external));

    const reading = read(`Bearer ${await issuer.issue({ ...admin, iss: served.url })}`);

    await expect(reading).rejects.toThrow('The discovery is of another issuer.');
    await served.close();
  });

  it('are asked for again by the next token when the issuer was down', async () => {
    let down = true;
    const served = await serveJson((path) => (down ? false : path === '/jwks' && issuer.jwks));
    const remote = { ...config, jwksUrl: `${served.url}/jwks` };
    const read = createTokenReader(remote, remoteKeys(remote));
    const token = await issuer.issue(admin);

    await expect(read(`Bearer ${token}`)).rejects.not.toHaveProperty('extensions.code');
    down = false;
    const viewer = await read(`Bearer ${token}`);
    await served.close();

    expect(viewer).toMatchObject({ audience: 'ADMIN' });
  });

  it('change: a new key is good when its turn comes', async () => {
    const { publicKey } = await generateKeyPair('ES256');
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'old', alg: 'ES256' }, issuer.jwk];
    const served = await serveJson(() => ({ keys }));
    const remote = { ...config, jwksUrl: served.url };
    const read = createTokenReader(remote, remoteKeys(remote));

    const viewer = await read(`Bearer ${await issuer.issue(admin)}`);
    const old = read(`Bearer ${await stranger.issue(admin, { kid: 'old' })}`);

    await expect(old).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(viewer).toMatchObject({ audience: 'ADMIN' });
    await served.close();
  });
});

function parts(token: string): [header: string, payload: string, signature: string] {
  return token.split('.') as [string, string, string];
}

function unsigned(token: string): string {
  const [header, payload] = parts(token);
  return `${header}.${payload}.`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The token with other header fields, its signature as it was. */
function reheaded(token: string, change: object): string {
  const [header, payload, signature] = parts(token);
  const fields = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  return `${encoded({ ...fields, ...change })}.${payload}.${signature}`;
}
