import { randomUUID } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JWTHeaderParameters, SignJWT, decodeJwt } from 'jose';
import { AssertionAdapter } from '../../identity/assertions.ts';
import { type Identity, start } from '../../identity/server.ts';
import { databaseClock } from '../../platform/clock.ts';
import { suspendPartner } from '../../subgraphs/partners/brands/partners.ts';
import { useTestDatabase } from '../support/database.ts';
import {
  type GivenKey,
  givenClient,
  givenKey,
  givenKeyClient,
  givenRotated,
} from '../support/given-clients.ts';
import { givenInvited } from '../support/given-partners.ts';
import { adminViewer, configOn, testPlatform } from '../support/subgraph.ts';

const issuer = 'http://localhost:4000/identity';
const minutesFromNow = (minutes: number) => Math.floor(Date.now() / 1_000) + minutes * 60;

/** What a client signs: its claims and its header, as far as the test sets them. */
interface Assertion {
  claims?: Record<string, unknown>;
  header?: Partial<JWTHeaderParameters>;
  /** The key that signs; the client's own where left out. */
  signer?: GivenKey['privateKey'] | Uint8Array;
}

describe('private_key_jwt', () => {
  const test = useTestDatabase();
  /** Two processes on one database. */
  const processes: { identity: Identity; front: Server; url: string }[] = [];
  let shop: string;
  let key: GivenKey;
  let clientId: string;

  beforeAll(async () => {
    for (let count = 0; count < 2; count++) {
      const identity = await start(configOn(test), testPlatform());
      const front = createServer(identity.callback);
      await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
      processes.push({ identity, front, url });
    }
    shop = await givenInvited(test, { code: 'SHOP' });
    key = await givenKey('ES256');
    clientId = await givenKeyClient(test, shop, key);
  });
  afterAll(async () => {
    for (const { identity, front } of processes) {
      await new Promise((resolve) => front.close(resolve));
      await identity.drain();
    }
  });

  function sign(by: { clientId: string; key: GivenKey }, { claims, header, signer }: Assertion) {
    const defaults = { iss: by.clientId, sub: by.clientId, aud: issuer, jti: randomUUID() };
    return new SignJWT({ ...defaults, exp: minutesFromNow(1), ...claims })
      .setProtectedHeader({ alg: by.key.alg, kid: by.key.publicJwk.kid, ...header })
      .sign(signer ?? by.key.privateKey);
  }

  async function askToken(assertion: string, more: object = {}, process = 0) {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      ...more,
    });
    const response = await fetch(`${processes[process]!.url}/token`, { method: 'POST', body });
    return {
      status: response.status,
      body: (await response.json()) as { access_token: string; error?: string },
    };
  }

  const own = (assertion: Assertion = {}) => sign({ clientId, key }, assertion);
  const refused = {
    status: 401,
    body: { error: 'invalid_client', error_description: 'client authentication failed' },
  };

  it('is told of, with its algorithms', async () => {
    const { url } = processes[0]!;
    const found = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as object;

    expect(found).toMatchObject({
      token_endpoint_auth_methods_supported: [
        'none',
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
      ],
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'EdDSA'],
    });
  });

  it.each(['ES256', 'EdDSA'] as const)('gives a token for an assertion by %s', async (alg) => {
    const signer = await givenKey(alg);
    const id = await givenKeyClient(test, shop, await givenKey('ES256'), signer);

    const { status, body } = await askToken(await sign({ clientId: id, key: signer }, {}));

    expect(status).toBe(200);
    expect(decodeJwt(body.access_token)).toMatchObject({
      principal: 'partner',
      partner_id: shop,
      sub: id,
      scope: 'accruals:write',
    });
    expect(await lastUsed(id)).toBeInstanceOf(Date);
  });

  it('takes old keys beside the new ones until their time is over', async () => {
    const next = await givenKey('EdDSA');
    const id = await givenKeyClient(test, shop, key);
    await givenRotated(test, id, next);

    const statuses = async () => {
      const asked = [key, next].map(async (each) =>
        askToken(await sign({ clientId: id, key: each }, {})),
      );
      return (await Promise.all(asked)).map(({ status }) => status);
    };

    expect(await statuses()).toEqual([200, 200]);
    await test.owner().query('UPDATE partners.client_rotation SET former_until = now()');
    expect(await statuses()).toEqual([401, 200]);
  });

  it('takes the client’s id beside the assertion, and an algorithm that the key names', async () => {
    const named = await givenKey('EdDSA');
    const publicJwk = { ...named.publicJwk, alg: 'Ed25519', use: 'sig' };
    const id = await givenKeyClient(test, shop, { ...named, publicJwk });

    const assertion = await sign({ clientId: id, key: named }, {});

    expect((await askToken(assertion, { client_id: id })).status).toBe(200);
  });

  it.each<[string, () => Assertion | Promise<Assertion>]>([
    ['another key', async () => ({ signer: (await givenKey('ES256')).privateKey })],
    ['a key that the client does not have', () => ({ header: { kid: 'other' } })],
    ['a key that it does not name', () => ({ header: { kid: undefined as never } })],
    ['the token endpoint for its audience', () => ({ claims: { aud: `${issuer}/token` } })],
    ['another audience', () => ({ claims: { aud: 'https://elsewhere.example' } })],
    ['two audiences', () => ({ claims: { aud: [issuer, 'https://elsewhere.example'] } })],
    ['no audience', () => ({ claims: { aud: undefined } })],
    ['an end that is past', () => ({ claims: { exp: minutesFromNow(-1) } })],
    ['an end that is far', () => ({ claims: { exp: minutesFromNow(6) } })],
    ['an end that is no number', () => ({ claims: { exp: 'soon' } })],
    ['no end', () => ({ claims: { exp: undefined } })],
    ['a start to come', () => ({ claims: { nbf: minutesFromNow(1) } })],
    ['no id of its own', () => ({ claims: { jti: undefined } })],
    ['another issuer', () => ({ claims: { iss: randomUUID() } })],
    ['no issuer', () => ({ claims: { iss: undefined } })],
    ['no subject', () => ({ claims: { sub: undefined } })],
    ['a client that is not there', () => ({ claims: { iss: 'nobody', sub: 'nobody' } })],
    [
      'HS256 by what everyone may know',
      () => ({
        header: { alg: 'HS256' },
        signer: new TextEncoder().encode(JSON.stringify(key.publicJwk).padEnd(32)),
      }),
    ],
    [
      'an algorithm that its key is not for',
      async () => {
        const other = await givenKey('EdDSA', key.publicJwk.kid);
        return { header: { alg: 'EdDSA' }, signer: other.privateKey };
      },
    ],
  ])('refuses %s, and uses nothing up', async (_, make) => {
    const jti = randomUUID();
    const { claims, ...assertion } = await make();

    expect(await askToken(await own({ claims: { jti, ...claims }, ...assertion }))).toEqual(
      refused,
    );
    expect((await askToken(await own({ claims: { jti } }))).status).toBe(200);
  });

  it('refuses an assertion that nobody signed, or that was changed', async () => {
    const [, payload, signature] = (await own()).split('.');
    const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
    const { kid } = key.publicJwk;
    const changed = Buffer.from(
      JSON.stringify({ ...decodeJwt(`x.${payload}.x`), jti: randomUUID() }),
    ).toString('base64url');

    for (const forged of [
      `${header({ alg: 'none', kid })}.${payload}.`,
      `${header({ alg: 'none', kid })}.${payload}.${signature}`,
      `${header({ alg: 'ES256', kid })}.${payload}.`,
      `${header({ alg: 'ES256', kid })}.${changed}.${signature}`,
    ]) {
      expect(await askToken(forged)).toEqual(refused);
    }
  });

  it.each(['x', 'x.y', 'x.y.z', ''])('refuses %j, which is no assertion', async (assertion) => {
    expect(await askToken(assertion)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('refuses a client in the name of another', async () => {
    const other = { key: await givenKey('ES256'), clientId: '' };
    other.clientId = await givenKeyClient(test, shop, other.key);

    const forSubject = await sign(other, { claims: { sub: clientId } });
    const forBoth = await sign(other, { claims: { sub: clientId, iss: clientId } });
    const stolenName = await sign(other, {
      claims: { sub: clientId, iss: clientId },
      header: { kid: key.publicJwk.kid },
    });

    for (const assertion of [forSubject, forBoth, stolenName]) {
      expect(await askToken(assertion)).toEqual(refused);
    }
    expect(await askToken(await sign(other, {}), { client_id: clientId })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('takes of a client the one way that it has, and no other', async () => {
    const withSecret = await givenClient(test, shop);
    const bySecret = (id: string, secret: string) => ({
      post: { grant_type: 'client_credentials', client_id: id, client_secret: secret },
      basic: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    });
    const askBySecret = async (id: string, secret: string) => {
      const { post, basic } = bySecret(id, secret);
      const { url } = processes[0]!;
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const inBody = await fetch(`${url}/token`, {
        method: 'POST',
        body: new URLSearchParams(post),
      });
      const inHeader = await fetch(`${url}/token`, { method: 'POST', headers: basic, body });
      return [inBody.status, inHeader.status];
    };

    expect(await askToken(await sign({ clientId: withSecret.clientId, key }, {}))).toEqual(refused);
    expect(await askBySecret(clientId, key.publicJwk.x!)).toEqual([401, 401]);
    expect(await askBySecret(withSecret.clientId, withSecret.secret)).toEqual([200, 200]);
    expect(await askToken(await own(), { client_id: clientId, client_secret: 'x' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('takes an assertion once, and so its id, of each client', async () => {
    const jti = randomUUID();
    const assertion = await own({ claims: { jti } });
    const other = await givenKeyClient(test, shop, key);

    expect((await askToken(assertion)).status).toBe(200);

    expect(await askToken(assertion)).toEqual(refused);
    expect(await askToken(assertion, {}, 1)).toEqual(refused);
    expect(await askToken(await own({ claims: { jti, exp: minutesFromNow(2) } }))).toEqual(refused);
    expect((await askToken(await sign({ clientId: other, key }, { claims: { jti } }))).status).toBe(
      200,
    );
  });

  it('gives one token for an assertion that two processes get at once', async () => {
    for (let round = 0; round < 5; round++) {
      const assertion = await own();

      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => askToken(assertion, {}, index % 2)),
      );

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status !== 200)).toEqual(Array(7).fill(refused));
    }
  });

  it('keeps an id until after its assertion has ended', async () => {
    const db = test.db('identity');
    const adapter = new AssertionAdapter(db);
    const left = async () => {
      const sql = `SELECT extract(epoch FROM expires_at - now())::integer AS seconds
                   FROM identity.oidc_record WHERE model = 'ReplayDetection' AND id = 'a'`;
      return (await db.query<{ seconds: number }[]>(sql)).map(({ seconds }) => seconds);
    };

    await adapter.upsert('a', { iss: 'one' }, 300);
    const [seconds] = await left();
    await expect(adapter.upsert('a', { iss: 'two' }, 300)).rejects.toThrow('invalid_client');
    await db.query(`UPDATE identity.oidc_record SET expires_at = now() WHERE id = 'a'`);

    expect(seconds).toBeGreaterThanOrEqual(300);
    await adapter.upsert('a', { iss: 'two' }, 300);
    expect(await adapter.find('a')).toEqual({ iss: 'two' });
  });

  it('refuses the clients of a brand from the moment that it is suspended', async () => {
    const brand = await givenInvited(test);
    const by = { clientId: await givenKeyClient(test, brand, key), key };
    expect((await askToken(await sign(by, {}))).status).toBe(200);

    const reason = 'Unpaid.';
    await suspendPartner(
      test.db('partners'),
      { id: brand, reason },
      { viewer: adminViewer(), clock: databaseClock },
    );

    expect(await askToken(await sign(by, {}))).toEqual(refused);
  });

  async function lastUsed(id: string): Promise<Date | null> {
    const [row] = await test
      .owner()
      .query<{ last_used_at: Date | null }[]>(
        'SELECT last_used_at FROM partners.api_client WHERE client_id = $1',
        [id],
      );
    return row!.last_used_at;
  }
});
