import { createHash, randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import type { Scope } from '../../../platform/contract.generated.ts';
import { rows } from '../../../platform/database.ts';
import type { Context } from '../../../platform/context.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import {
  type CreateApiClient,
  createApiClient,
  revokeApiClient,
} from '../../../subgraphs/partners/clients/api-clients.ts';
import { clientLoaders } from '../../../subgraphs/partners/clients/loaders.ts';
import { ApiClient } from '../../../subgraphs/partners/entities.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { type GivenKey, givenClient, givenKey } from '../../support/given-clients.ts';
import { givenInvited, givenStatus } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

const now = new Date('2026-03-01T12:00:00Z');
const minutesLater = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

describe('createApiClient', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');

  type Asked = Pick<CreateApiClient, 'partnerId'> & Partial<CreateApiClient>;

  function create(viewer: Viewer, asked: Asked, at = now) {
    const input: CreateApiClient = {
      name: 'Tills',
      scopes: ['ACCRUALS_WRITE'],
      idempotencyKey: 'a',
      ...asked,
    };
    const { sealKey } = testConfig();
    return createApiClient(db(), input, { viewer, clock: new SetClock(at), sealKey });
  }

  it('makes a client whose secret is kept as a hash, and sealed for an hour', async () => {
    const partnerId = await givenInvited(test);

    const { client, clientSecret } = await create(adminViewer(), { partnerId });

    expect(Buffer.from(clientSecret!, 'base64url')).toHaveLength(32);
    const [found] = await rows<Record<string, unknown>>(
      test.db('identity'),
      'SELECT * FROM partners.find_api_client($1)',
      [client.clientId],
    );
    expect(found).toMatchObject({
      partner_id: partnerId,
      scopes: ['ACCRUALS_WRITE'],
      sandbox: false,
      secret_hash: createHash('sha256').update(clientSecret!).digest('hex'),
    });
    const row = await db().findOneByOrFail(ApiClient, { clientId: client.clientId });
    expect(JSON.stringify(row)).not.toContain(clientSecret);
  });

  it('shows the secret again to the same key for an hour, and never after', async () => {
    const partnerId = await givenInvited(test);
    const { client, clientSecret } = await create(adminViewer(), { partnerId });

    const within = await create(adminViewer(), { partnerId }, minutesLater(59));
    const after = await create(adminViewer(), { partnerId }, minutesLater(60));

    expect(within).toMatchObject({ client: { clientId: client.clientId }, clientSecret });
    expect(after).toMatchObject({ client: { clientId: client.clientId }, clientSecret: null });
  });

  it('refuses the same key with another input, and keeps one client', async () => {
    const partnerId = await givenInvited(test);
    const { client } = await create(adminViewer(), { partnerId });

    await expect(create(adminViewer(), { partnerId, name: 'Web' })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: client.clientId }),
    );
    expect(await db().countBy(ApiClient, { partnerId })).toBe(1);
  });

  it('does not show a secret of staff to the partner, though it guesses the key', async () => {
    const partnerId = await givenInvited(test);
    const scopes: Scope[] = ['ACCRUALS_WRITE', 'CLIENTS_MANAGE'];
    const staff = await create(adminViewer(), { partnerId });

    const own = await create(partnerViewer(partnerId, scopes), { partnerId });

    expect(own.client.clientId).not.toBe(staff.client.clientId);
  });

  describe('with keys', () => {
    const setOf = (...keys: GivenKey[]) =>
      JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) });

    it('makes a client without a secret, and keeps its public keys alone', async () => {
      const partnerId = await givenInvited(test);
      const [one, two] = [await givenKey('EdDSA', 'b'), await givenKey('ES256', 'a')];

      const { client, clientSecret } = await create(adminViewer(), {
        partnerId,
        jwks: setOf(one, two),
      });

      expect(clientSecret).toBeNull();
      const row = await db().findOneByOrFail(ApiClient, { clientId: client.clientId });
      const nothing = { secretHash: null, sealedSecret: null, sealedUntil: null };
      const { x, y } = two.publicJwk;
      const keys = [
        { kid: 'a', kty: 'EC', crv: 'P-256', x, y, use: 'sig', alg: 'ES256' },
        {
          kid: 'b',
          kty: 'OKP',
          crv: 'Ed25519',
          x: one.publicJwk.x,
          use: 'sig',
          alg: 'EdDSA',
        },
      ];
      expect(row).toMatchObject({ ...nothing, keys });
      const sql = 'SELECT secret_hash, keys FROM partners.find_api_client($1)';
      expect(await rows(test.db('identity'), sql, [client.clientId])).toEqual([
        { secret_hash: null, keys },
      ]);
    });

    it('takes the same keys for the same, and others or none for another client', async () => {
      const partnerId = await givenInvited(test);
      const [one, two] = [await givenKey('ES256'), await givenKey('EdDSA')];
      const { client } = await create(adminViewer(), { partnerId, jwks: setOf(one, two) });

      const again = await create(adminViewer(), { partnerId, jwks: ` ${setOf(two, one)}` });

      expect(again).toMatchObject({ client: { clientId: client.clientId }, clientSecret: null });
      for (const jwks of [setOf(one), null]) {
        await expect(create(adminViewer(), { partnerId, jwks })).rejects.toEqual(
          refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: client.clientId }),
        );
      }
      expect(await db().countBy(ApiClient, { partnerId })).toBe(1);
    });

    it('refuses a private key, and makes none', async () => {
      const partnerId = await givenInvited(test);
      const key = await givenKey('ES256');
      const jwks = setOf({ ...key, publicJwk: { ...key.publicJwk, d: key.publicJwk.x! } });

      await expect(create(adminViewer(), { partnerId, jwks })).rejects.toEqual(
        refusal('INVALID', ['jwks', 'keys', '0', 'd']),
      );
      expect(await db().countBy(ApiClient, { partnerId })).toBe(0);
    });

    it('makes one client of many calls at once', async () => {
      const partnerId = await givenInvited(test);
      const jwks = setOf(await givenKey('ES256'));

      const { answers } = await race(db(), 8, () => create(adminViewer(), { partnerId, jwks }));

      const ids = new Set(answers.map(({ client }) => client.clientId));
      expect([answers.length, ids.size]).toEqual([8, 1]);
      expect(await db().countBy(ApiClient, { partnerId })).toBe(1);
    });
  });

  it.each<[string, Parameters<typeof refusal>, Partial<CreateApiClient>, Partial<Viewer>]>([
    [
      'a scope of members',
      ['INVALID', ['scopes', '1']],
      { scopes: ['ACCRUALS_WRITE', 'REDEEM'] },
      {},
    ],
    ['no scope', ['INVALID', ['scopes']], { scopes: [] }, {}],
    [
      'a scope that the caller lacks',
      ['NOT_ALLOWED', ['scopes'], { subject: 'SETTLEMENT_READ' }],
      { scopes: ['ACCRUALS_WRITE', 'SETTLEMENT_READ'] },
      {},
    ],
    ['a live client to a test client', ['NOT_ALLOWED', ['sandbox']], {}, { sandbox: true }],
    ['another partner', ['NOT_FOUND', ['partnerId']], {}, { partnerId: randomUUID() }],
  ])('refuses %s, and makes none', async (_, [code, path, details], input, caller) => {
    const partnerId = await givenInvited(test);
    const own = partnerViewer(partnerId, ['ACCRUALS_WRITE', 'CLIENTS_MANAGE']);

    await expect(create({ ...own, ...caller }, { partnerId, ...input })).rejects.toEqual(
      refusal(code, path, details),
    );
    expect(await db().countBy(ApiClient, { partnerId })).toBe(0);
  });

  it('makes none for a partner that is not there, or has left', async () => {
    const partnerId = await givenInvited(test);
    await givenStatus(test, partnerId, 'TERMINATED');

    await expect(create(adminViewer(), { partnerId })).rejects.toEqual(
      refusal('NOT_ALLOWED', [], { subject: 'TERMINATED' }),
    );
    await expect(create(adminViewer(), { partnerId: randomUUID() })).rejects.toEqual(
      refusal('NOT_FOUND', ['partnerId']),
    );

    expect(await db().countBy(ApiClient, { partnerId })).toBe(0);
  });

  it('makes one client of many calls at once, and tells all of them its secret', async () => {
    const partnerId = await givenInvited(test);

    const { answers } = await race(db(), 8, () => create(adminViewer(), { partnerId }));

    expect(answers.map(({ clientSecret }) => clientSecret)).toEqual(
      Array(8).fill(answers[0]!.clientSecret),
    );
    expect(await db().countBy(ApiClient, { partnerId })).toBe(1);
  });

  describe('with 49 others', () => {
    const others = (partnerId: string, revokedAt: Date | null) =>
      rows(
        test.owner(),
        `INSERT INTO partners.api_client
         SELECT (jsonb_populate_record(c, jsonb_build_object(
           'client_id', gen_random_uuid(), 'idempotency_key', gen_random_uuid(),
           'revoked_at', $2::timestamptz + n * interval '1 minute'))).*
         FROM partners.api_client c, generate_series(1, 49) n
         WHERE c.partner_id = $1 AND c.revoked_at IS NULL AND c.idempotency_key = 'first'`,
        [partnerId, revokedAt],
      );
    let partnerId: string;
    beforeEach(async () => {
      partnerId = await givenInvited(test);
      await create(adminViewer(), { partnerId, idempotencyKey: 'first' });
      await others(partnerId, null);
    });
    const full = refusal('LIMIT_REACHED', ['partnerId'], { limit: '50' });

    it('makes no 51st, until one is revoked; what was asked before is answered', async () => {
      await expect(create(adminViewer(), { partnerId })).rejects.toEqual(full);
      const { client } = await create(adminViewer(), { partnerId, idempotencyKey: 'first' });
      expect(await db().countBy(ApiClient, { partnerId })).toBe(50);

      const { clientId } = client;
      await revokeApiClient(
        db(),
        { clientId },
        { viewer: adminViewer(), clock: new SetClock(now) },
      );
      await create(adminViewer(), { partnerId });
      expect(await db().countBy(ApiClient, { partnerId })).toBe(51);
    });

    it('makes one of many that are asked for at once where one has room', async () => {
      await rows(
        test.owner(),
        `UPDATE partners.api_client SET revoked_at = $2 WHERE partner_id = $1
         AND idempotency_key = 'first'`,
        [partnerId, now],
      );

      const { answers, reasons } = await race(db(), 4, (index) =>
        create(adminViewer(), { partnerId, idempotencyKey: `key-${index}` }),
      );

      expect(answers).toHaveLength(1);
      expect(reasons).toEqual([full, full, full]);
    });

    it('lists all that work, and the last 50 that were revoked', async () => {
      await others(partnerId, minutesLater(0));
      await others(partnerId, minutesLater(100));

      const loaders = clientLoaders({ db: db() } as Context);
      const listed = await loaders.apiClientsOf.load(partnerId);

      const revoked = listed.flatMap(({ revokedAt }) => revokedAt ?? []);
      expect([listed.length, revoked.length]).toEqual([100, 50]);
      // 49 from the later ones, and the last of those before.
      expect(revoked.map(Number).sort((a, b) => a - b)[0]).toBe(+minutesLater(49));
    });
  });

  it('lets the provider of tokens find clients of partners that may call, live ones first', async () => {
    const partnerId = await givenInvited(test, { code: 'TOKENS' });
    const sandbox = await create(adminViewer(), { partnerId, sandbox: true });
    const live = await create(adminViewer(), { partnerId, idempotencyKey: 'b' }, minutesLater(1));
    const gone = await create(adminViewer(), { partnerId, idempotencyKey: 'c' });
    await db().update(ApiClient, { clientId: gone.client.clientId }, { revokedAt: now });
    const identity = test.db('identity');
    const clientIds = async () =>
      (
        await rows<{ client_id: string }>(
          identity,
          `SELECT * FROM partners.api_clients_of('TOKENS')`,
        )
      ).map(({ client_id }) => client_id);

    expect(await clientIds()).toEqual([live.client.clientId, sandbox.client.clientId]);
    await givenStatus(test, partnerId, 'SUSPENDED');
    expect(await clientIds()).toEqual([]);
    const found = 'SELECT * FROM partners.find_api_client($1)';
    expect(await rows(identity, found, [live.client.clientId])).toEqual([]);
  });

  it('notes the use of a client once a minute', async () => {
    const { client } = await create(adminViewer(), { partnerId: await givenInvited(test) });
    const touch = async () => {
      await rows(test.db('identity'), 'SELECT partners.touch_api_client($1)', [client.clientId]);
      const { clientId } = client;
      return (await db().findOneByOrFail(ApiClient, { clientId })).lastUsedAt!.getTime();
    };

    const first = await touch();

    expect(Math.abs(Date.now() - first)).toBeLessThan(10_000);
    expect(await touch()).toBe(first);
  });
});

describe('revokeApiClient', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const stored = (clientId: string) => db().findOneByOrFail(ApiClient, { clientId });
  const identity = (call: string, clientId: string) =>
    rows(test.db('identity'), `SELECT FROM partners.${call}($1)`, [clientId]);

  function revoke(viewer: Viewer, clientId: string, at = now) {
    return revokeApiClient(db(), { clientId }, { viewer, clock: new SetClock(at) });
  }

  it('ends one client, the last of its partner too, and leaves the others', async () => {
    const partnerId = await givenInvited(test);
    const [one, two] = [await givenClient(test, partnerId), await givenClient(test, partnerId)];
    const other = await stored(two.clientId);

    expect(await revoke(adminViewer(), one.clientId)).toMatchObject({ id: partnerId });

    expect(await stored(one.clientId)).toMatchObject({ revokedAt: now, sealedSecret: null });
    expect(await identity('find_api_client', one.clientId)).toEqual([]);
    expect(await stored(two.clientId)).toEqual(other);
    expect(await identity('find_api_client', two.clientId)).toHaveLength(1);
    await revoke(partnerViewer(partnerId, ['CLIENTS_MANAGE']), two.clientId);
    expect(await db().countBy(ApiClient, { partnerId, revokedAt: now })).toBe(2);
  });

  it('gives the same answer again, also at once, and keeps the first instant', async () => {
    const partnerId = await givenInvited(test);
    const { clientId } = await givenClient(test, partnerId);

    const { answers } = await race(db(), 8, (index) =>
      revoke(adminViewer(), clientId, minutesLater(index)),
    );
    const { revokedAt } = await stored(clientId);
    await revoke(adminViewer(), clientId, minutesLater(100));

    expect(answers.map(({ id }) => id)).toEqual(Array(8).fill(partnerId));
    expect(revokedAt!.getTime()).toBeLessThan(minutesLater(8).getTime());
    expect(await stored(clientId)).toMatchObject({ revokedAt });
  });

  it('shows a revoked client’s secret no more', async () => {
    const partnerId = await givenInvited(test);
    const input: CreateApiClient = {
      partnerId,
      name: 'Tills',
      scopes: ['ACCRUALS_WRITE'],
      idempotencyKey: 'a',
    };
    const create = () => {
      const { sealKey } = testConfig();
      return createApiClient(db(), input, {
        viewer: adminViewer(),
        clock: new SetClock(now),
        sealKey,
      });
    };
    const { client } = await create();

    await revoke(adminViewer(), client.clientId);

    expect(await create()).toMatchObject({
      client: { clientId: client.clientId, revokedAt: now },
      clientSecret: null,
    });
  });

  it.each<[string, Parameters<typeof refusal>, Partial<Viewer>]>([
    ['of another partner', ['NOT_FOUND', ['clientId']], { partnerId: randomUUID() }],
    ['that is live, by a test client', ['NOT_ALLOWED', ['clientId']], { sandbox: true }],
  ])('ends none %s', async (_, [code, path], caller) => {
    const partnerId = await givenInvited(test);
    const { clientId } = await givenClient(test, partnerId);
    const own = partnerViewer(partnerId, ['CLIENTS_MANAGE']);

    await expect(revoke({ ...own, ...caller }, clientId)).rejects.toEqual(refusal(code, path));
    expect(await stored(clientId)).toMatchObject({ revokedAt: null });
  });

  it('ends a test client by a test client, and one of a brand that has left', async () => {
    const partnerId = await givenInvited(test);
    const tester = await givenClient(test, partnerId, { sandbox: true });
    const { clientId } = await givenClient(test, partnerId);

    const viewer = { ...partnerViewer(partnerId, ['CLIENTS_MANAGE']), sandbox: true };
    await revoke(viewer, tester.clientId);
    await givenStatus(test, partnerId, 'TERMINATED');
    await revoke(adminViewer(), clientId);

    expect(await db().countBy(ApiClient, { partnerId, revokedAt: now })).toBe(2);
  });

  it('finds no client where there is none', async () => {
    await expect(revoke(adminViewer(), randomUUID())).rejects.toEqual(
      refusal('NOT_FOUND', ['clientId']),
    );
    await expect(revoke(adminViewer(), 'tills')).rejects.toEqual(refusal('INVALID', ['clientId']));
  });
});
