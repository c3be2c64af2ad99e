import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer, get as httpGet } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { type Identity, start } from '../../identity/server.ts';
import { scopesOf } from '../../platform/scopes.ts';
import { type Viewer, viewerOf } from '../../platform/viewer.ts';
import { useTestDatabase } from '../support/database.ts';
import { type GivenClient, givenClient, givenRotated } from '../support/given-clients.ts';
import { givenInvited, givenStatus } from '../support/given-partners.ts';
import { freePort } from '../support/ports.ts';
import { configOn, testPlatform } from '../support/subgraph.ts';

const issuer = 'http://localhost:4000/identity';
const audience = 'https://coalition.example/graphql';

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

describe('the identity server', () => {
  const test = useTestDatabase();
  let identity: Identity;
  let front: Server;
  let origin: string;
  let shop: string;
  let client: GivenClient;

  beforeAll(async () => {
    identity = await start(configOn(test), testPlatform());
    // As the gateway mounts it: the prefix is taken off before the provider sees the URL.
    front = createServer((request, response) => {
      request.url = request.url!.replace(/^\/identity/, '');
      identity.callback(request, response);
    });
    origin = `http://127.0.0.1:${await listenAnywhere(front)}/identity`;
    shop = await givenInvited(test, { code: 'SHOP' });
    client = await givenClient(test, shop, { scopes: ['ACCRUALS_WRITE', 'MEMBERS_LINK'] });
  });
  afterAll(async () => {
    await new Promise((resolve) => front.close(resolve));
    await identity.drain();
  });

  it('describes itself by the issuer, whatever host and proxy a request names', async () => {
    const { body } = await get('/.well-known/openid-configuration', {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    });

    expect(body).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      acr_values_supported: ['urn:coalition:step-up'],
      token_endpoint_auth_methods_supported: [
        'none',
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
      ],
    });
    expect(JSON.stringify(body)).not.toContain('evil.example');
    for (const off of ['userinfo', 'registration', 'introspection', 'device_authorization']) {
      expect(body).not.toHaveProperty(`${off}_endpoint`);
    }
  });

  it('describes itself by the issuer, whatever host the target of a request names', async () => {
    const { port } = new URL(origin);
    const path = 'http://evil.example/.well-known/openid-configuration';

    const [response] = (await once(httpGet({ port, path }), 'response')) as [IncomingMessage];
    const body = Buffer.concat(await response.toArray()).toString();

    expect(JSON.parse(body)).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
    expect(body).not.toContain('evil.example');
  });

  it('describes itself by a public issuer that a proxy leads here', async () => {
    const environment = {
      ISSUER: 'https://loyalty.example/login',
      IDENTITY_URL: 'http://127.0.0.1:4005',
    };
    const other = await start(configOn(test, environment), testPlatform());
    const server = createServer(other.callback);
    const port = await listenAnywhere(server);

    const { body } = await read(
      await fetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`),
    );
    await new Promise((resolve) => server.close(resolve));
    await other.drain();

    expect(body).toMatchObject({
      issuer: 'https://loyalty.example/login',
      token_endpoint: 'https://loyalty.example/login/token',
      jwks_uri: 'https://loyalty.example/login/jwks',
    });
  });

  it('publishes its keys without their private half', async () => {
    const { body } = await get('/jwks');

    expect(body).toEqual(identity.keys());
    expect(identity.keys().keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String) as unknown,
        y: expect.any(String) as unknown,
        kid: expect.any(String) as unknown,
        alg: 'ES256',
        use: 'sig',
      },
    ]);
  });

  it('gives a client a token of ten minutes that names its partner', async () => {
    const { status, body } = await askToken(client, { scope: 'accruals:write' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'accruals:write' });
    const token = body['access_token'] as string;
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: identity.keys().keys[0]!.kid,
    });
    const { payload } = await verify(token);
    expect(payload).toMatchObject({
      principal: 'partner',
      partner_id: shop,
      sub: client.clientId,
      client_id: client.clientId,
      scope: 'accruals:write',
      jti: expect.any(String) as unknown,
    });
    expect(payload).not.toHaveProperty('sandbox');
    expect(payload.exp! - payload.iat!).toBe(600);
  });

  it('takes the secret in the body too, and the audience where it is named', async () => {
    const { status } = await post('/token', {
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.secret,
      resource: audience,
    });

    expect(status).toBe(200);
  });

  it('gives all of the client’s scopes where none is asked for', async () => {
    const unasked = await askToken(client);
    const empty = await askToken(client, { scope: '' });

    expect(unasked.body).toMatchObject({ scope: 'accruals:write members:link' });
    expect(empty.body).toMatchObject({ scope: 'accruals:write members:link' });
  });

  it('makes tokens that the platform reads as the partner', async () => {
    const sandbox = await givenClient(test, shop, { scopes: ['BALANCES_READ'], sandbox: true });

    const { body } = await askToken(sandbox);

    const { payload } = await verify(body['access_token'] as string);
    expect(viewerOf(payload)).toEqual<Viewer>({
      audience: 'PARTNER',
      scopes: ['BALANCES_READ'],
      memberId: null,
      partnerId: shop,
      sandbox: true,
      steppedUpAt: null,
      subject: sandbox.clientId,
    });
  });

  it.each(scopesOf('PARTNER'))('gives %s, and the graph reads it', async (scope) => {
    const holder = await givenClient(test, shop, { scopes: [scope] });

    const { body } = await askToken(holder, { scope: scope.toLowerCase().replace('_', ':') });

    const { payload } = await verify(body['access_token'] as string);
    expect(viewerOf(payload).scopes).toEqual([scope]);
  });

  it.each([
    ['a scope that the client does not hold', 'accruals:write catalog:manage', 'catalog:manage'],
    ['a scope of staff', 'ledger:adjust', 'ledger:adjust'],
    ['a scope that nobody knows', 'accruals:write everything', 'everything'],
    ['openid', 'openid', 'openid'],
  ])('refuses %s', async (_, scope, refused) => {
    expect(await askToken(client, { scope })).toEqual({
      status: 400,
      body: {
        error: 'invalid_scope',
        error_description: 'requested scope is not allowed',
        scope: refused,
      },
    });
  });

  it.each([
    ['another audience', 'https://elsewhere.example/api'],
    ['what is no URI', 'graph'],
  ])('refuses %s', async (_, resource) => {
    expect(await askToken(client, { resource })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    });
  });

  it('never gives a token for no audience', async () => {
    const { body } = await askToken(client, { resource: '' });

    await expect(verify(body['access_token'] as string)).resolves.toBeDefined();
  });

  it.each([
    ['a wrong secret', () => ({ ...client, secret: 'x'.repeat(43) })],
    ['the hash in place of the secret', () => ({ ...client, secret: hashOf(client) })],
    ['an unknown client', () => ({ ...client, clientId: 'nobody' })],
    ['a client of the token command', () => ({ ...client, clientId: 'demo-admin' })],
  ])('refuses %s, all in the same words', async (_, credentials) => {
    expect(await askToken(credentials())).toEqual({
      status: 401,
      body: { error: 'invalid_client', error_description: 'client authentication failed' },
    });
  });

  it('refuses a client id that no text of the database can be', async () => {
    const answer = await post('/token', {
      grant_type: 'client_credentials',
      client_id: 'a\0b',
      client_secret: 'x',
    });

    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('takes an old secret beside the new one until its time is over', async () => {
    const old = await givenClient(test, shop);
    const rotated = await givenRotated(test, old.clientId);

    const statuses = async () => [
      (await askToken(old)).status,
      (await askToken({ ...old, ...rotated })).status,
    ];

    expect(await statuses()).toEqual([200, 200]);
    await test.owner().query('UPDATE partners.client_rotation SET former_until = now()');
    expect(await statuses()).toEqual([401, 200]);
  });

  it('refuses a client from the moment that it is revoked', async () => {
    const revoked = await givenClient(test, shop);
    expect((await askToken(revoked)).status).toBe(200);

    await test
      .owner()
      .query('UPDATE partners.api_client SET revoked_at = now() WHERE client_id = $1', [
        revoked.clientId,
      ]);

    expect(await askToken(revoked)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('refuses the clients of a brand from the moment that it is suspended', async () => {
    const brand = await givenInvited(test, { code: 'BRAND' });
    const suspended = await givenClient(test, brand);
    expect((await askToken(suspended)).status).toBe(200);

    await givenStatus(test, brand, 'SUSPENDED');

    expect(await askToken(suspended)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('notes when a client got a token, and not where it was refused', async () => {
    const used = await givenClient(test, shop);

    await askToken(used, { scope: 'catalog:manage' });
    const before = await lastUsed(used);
    await askToken(used);
    const after = await lastUsed(used);

    expect(before).toBeNull();
    expect(after).toBeInstanceOf(Date);
  });

  it('lets nobody sign in with an API client', async () => {
    for (const grant_type of ['authorization_code', 'refresh_token']) {
      const answer = await post('/token', { grant_type }, basic(client));
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    }
    const password = await post('/token', { grant_type: 'password' }, basic(client));
    expect(password).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
    const { status, body } = await get(
      `/auth?client_id=${client.clientId}&response_type=code&scope=openid`,
    );
    expect(status).toBe(400);
    expect(body).toHaveProperty('error');
  });

  it('answers what it does not serve in JSON, to a browser too', async () => {
    const { status, body } = await get('/admin', { accept: 'text/html' });

    expect(status).toBe(404);
    expect(body).toMatchObject({ error: 'invalid_request' });
  });

  it('hides a fault', async () => {
    await test.owner().query('ALTER FUNCTION partners.find_api_client RENAME TO gone');
    try {
      expect(await askToken(client)).toEqual({
        status: 500,
        body: { error: 'server_error', error_description: 'oops! something went wrong' },
      });
    } finally {
      await test.owner().query('ALTER FUNCTION partners.gone RENAME TO find_api_client');
    }
  });

  it('does not start for an audience that no client could name', async () => {
    await expect(start(configOn(test, { AUDIENCE: 'graph' }), testPlatform())).rejects.toThrow(
      'AUDIENCE',
    );
  });

  it('serves the same on a port of its own', async () => {
    const port = await freePort();
    const config = configOn(test);
    const listening = await start(
      { ...config, ports: { ...config.ports, identity: port } },
      testPlatform(),
    );
    await listening.listen();
    try {
      const url = `http://127.0.0.1:${port}`;
      const keys = (await (await fetch(`${url}/jwks`)).json()) as unknown;
      const found = (await (
        await fetch(`${url}/.well-known/openid-configuration`)
      ).json()) as unknown;
      const token = await fetch(`${url}/token`, {
        method: 'POST',
        headers: basic(client),
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const ready = await fetch(`${url}/health/ready`);

      expect(keys).toEqual(identity.keys());
      expect(found).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
      expect(token.status).toBe(200);
      expect(ready.status).toBe(200);
    } finally {
      await listening.drain();
    }
  });

  function askToken(as: { clientId: string; secret: string }, more: object = {}): Promise<Answer> {
    return post('/token', { grant_type: 'client_credentials', ...more }, basic(as));
  }

  async function post(
    path: string,
    form: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const body = new URLSearchParams(form as Record<string, string>);
    return read(await fetch(`${origin}${path}`, { method: 'POST', headers, body }));
  }

  async function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return read(await fetch(`${origin}${path}`, { headers }));
  }

  async function read(response: Response): Promise<Answer> {
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  function verify(token: string) {
    return jwtVerify(token, createLocalJWKSet(identity.keys()), {
      issuer,
      audience,
      algorithms: ['ES256'],
      typ: 'at+jwt',
    });
  }

  async function lastUsed({ clientId }: GivenClient): Promise<Date | null> {
    const [row] = await test
      .owner()
      .query<{ last_used_at: Date | null }[]>(
        'SELECT last_used_at FROM partners.api_client WHERE client_id = $1',
        [clientId],
      );
    return row!.last_used_at;
  }
});

function basic({ clientId, secret }: { clientId: string; secret: string }): {
  authorization: string;
} {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
}

function hashOf({ secret }: GivenClient): string {
  return createHash('sha256').update(secret).digest('hex');
}

async function listenAnywhere(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
