import { createHash, randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { revokeApiClient } from '../../../subgraphs/partners/clients/api-clients.ts';
import {
  type RotateApiClient,
  rotateApiClient,
} from '../../../subgraphs/partners/clients/rotations.ts';
import { ApiClient, ClientRotation } from '../../../subgraphs/partners/entities.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import {
  type GivenKey,
  givenClient,
  givenKey,
  givenKeyClient,
} from '../../support/given-clients.ts';
import { givenInvited, givenStatus } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('rotateApiClient', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const jwksOf = (...keys: GivenKey[]) =>
    JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) });
  const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
  // The provider looks by the database's clock.
  const present = Date.now();
  const hours = (count: number) => new Date(present + count * 3_600_000);

  function rotate(asked: RotateApiClient, at = hours(0), viewer = adminViewer()) {
    const { sealKey } = testConfig();
    return rotateApiClient(db(), asked, { viewer, clock: new SetClock(at), sealKey });
  }

  /** Hashes of the secrets, or ids of the keys, that get tokens: the newest secret first. */
  async function working(clientId: string): Promise<string[]> {
    const [found] = await rows<{ secret: string | null; former: string[]; kids: string[] | null }>(
      test.db('identity'),
      `SELECT secret_hash AS secret, partners.former_hashes(client_id) AS former,
              ARRAY(SELECT key ->> 'kid' FROM jsonb_array_elements(keys) AS key) AS kids
       FROM partners.find_api_client($1)`,
      [clientId],
    );
    return found!.secret ? [found!.secret, ...found!.former] : found!.kids!;
  }

  it('gives another secret, and lets the old one work for 24 hours more', async () => {
    const partnerId = await givenInvited(test);
    const [before, within] = [
      await givenClient(test, partnerId),
      await givenClient(test, partnerId),
    ];

    const { client, clientSecret } = await rotate({ clientId: within.clientId }, hours(-23.9));
    const other = await rotate({ clientId: before.clientId }, hours(-24));

    expect(client).toMatchObject({ clientId: within.clientId, partnerId, revokedAt: null });
    expect(Buffer.from(clientSecret!, 'base64url')).toHaveLength(32);
    expect(await working(within.clientId)).toEqual([hashOf(clientSecret!), hashOf(within.secret)]);
    expect(await working(before.clientId)).toEqual([hashOf(other.clientSecret!)]);
    const kept = await db().findBy(ClientRotation, { clientId: within.clientId });
    expect(JSON.stringify(kept)).not.toContain(clientSecret);
    expect(
      await rows(
        test.owner(),
        'SELECT action FROM platform.audit_event WHERE subject_id = $1 ORDER BY sequence',
        [within.clientId],
      ),
    ).toEqual([{ action: 'createApiClient' }, { action: 'rotateApiClient' }]);
  });

  it('gives other keys, and lets the old ones work with them, for links too', async () => {
    const partnerId = await givenInvited(test);
    const [a, b, c] = [
      await givenKey('ES256', 'a'),
      await givenKey('EdDSA', 'b'),
      await givenKey('ES256', 'c'),
    ];
    const clientId = await givenKeyClient(test, partnerId, a, b);
    await db().update(ApiClient, { clientId }, { scopes: ['MEMBERS_LINK'] });

    const rotated = await rotate({ clientId, jwks: jwksOf(b, c) });

    expect(rotated).toMatchObject({ client: { clientId }, clientSecret: null });
    expect(await working(clientId)).toEqual(['a', 'b', 'c']);
    const [linked] = await rows<{ keys: { kid: string }[] }>(
      test.db('members'),
      'SELECT partners.link_keys($1, $2, false) AS keys',
      [partnerId, clientId],
    );
    expect(linked!.keys.map(({ kid }) => kid)).toEqual(['a', 'b', 'c']);
    await db().update(ClientRotation, { clientId }, { formerUntil: hours(-1) });
    expect(await working(clientId)).toEqual(['b', 'c']);
  });

  it('shows the secret again to the same key for an hour, and rotates once', async () => {
    const { clientId } = await givenClient(test, await givenInvited(test));
    const asked = { clientId, idempotencyKey: 'autumn' };
    const { clientSecret } = await rotate(asked);

    expect(await rotate(asked, hours(0.9))).toMatchObject({ clientSecret });
    expect(await rotate(asked, hours(1))).toMatchObject({ clientSecret: null });

    expect(await db().countBy(ClientRotation, { clientId })).toBe(1);
    const viewer = partnerViewer((await rotate(asked)).client.partnerId, [
      'ACCRUALS_WRITE',
      'CLIENTS_MANAGE',
    ]);
    // Not to the partner, though it guesses the key.
    expect((await rotate(asked, hours(0), viewer)).clientSecret).not.toBe(clientSecret);
  });

  it('rotates once of many calls at once with one key, and keeps what worked', async () => {
    const { clientId, secret } = await givenClient(test, await givenInvited(test));

    const { answers, reasons } = await race(db(), 8, () =>
      rotate({ clientId, idempotencyKey: 'a' }),
    );

    expect(reasons).toEqual([]);
    const shown = new Set(answers.map(({ clientSecret }) => clientSecret));
    expect(shown.size).toBe(1);
    expect(await working(clientId)).toEqual([
      ...[...shown].map((each) => hashOf(each!)),
      hashOf(secret),
    ]);
  });

  it('rotates five times a day at most, also at once', async () => {
    const { clientId } = await givenClient(test, await givenInvited(test));

    const { answers, reasons } = await race(db(), 7, () => rotate({ clientId }));

    expect(answers).toHaveLength(5);
    const full = refusal('LIMIT_REACHED', [], { limit: '5', retryAt: hours(24) });
    expect(reasons).toEqual([full, full]);
    expect(await working(clientId)).toHaveLength(6);
    await rotate({ clientId }, hours(24));
  });

  it('ends what was replaced with the client', async () => {
    const { clientId } = await givenClient(test, await givenInvited(test));
    const asked = { clientId, idempotencyKey: 'a' };
    await rotate(asked);

    await revokeApiClient(
      db(),
      { clientId },
      { viewer: adminViewer(), clock: new SetClock(hours(0)) },
    );

    const sql = 'SELECT FROM partners.find_api_client($1)';
    expect(await rows(test.db('identity'), sql, [clientId])).toEqual([]);
    expect(await rotate(asked)).toMatchObject({ clientSecret: null });
    await expect(rotate({ clientId })).rejects.toEqual(refusal('NOT_ALLOWED', ['clientId']));
  });

  describe('changes nothing', () => {
    type Case = [string, Parameters<typeof refusal>, Partial<RotateApiClient>, Partial<Viewer>];
    let partnerId: string;
    let own: Viewer;
    let tills: string;
    let keyed: string;
    let key: GivenKey;
    beforeAll(async () => {
      partnerId = await givenInvited(test);
      own = partnerViewer(partnerId, ['ACCRUALS_WRITE', 'CLIENTS_MANAGE']);
      key = await givenKey('ES256', 'a');
      keyed = await givenKeyClient(test, partnerId, key);
      ({ clientId: tills } = await givenClient(test, partnerId));
    });

    it.each<Case>([
      ['of another partner', ['NOT_FOUND', ['clientId']], {}, { partnerId: randomUUID() }],
      ['that is not there', ['NOT_FOUND', ['clientId']], { clientId: randomUUID() }, {}],
      [
        'that may more than the caller',
        ['NOT_ALLOWED', ['clientId'], { subject: 'ACCRUALS_WRITE' }],
        {},
        { scopes: ['CLIENTS_MANAGE'] },
      ],
      ['that is live, by a test client', ['NOT_ALLOWED', ['clientId']], {}, { sandbox: true }],
      [
        'with a private key',
        ['INVALID', ['jwks', 'keys', '0', 'd']],
        { jwks: '{"keys":[{"d":""}]}' },
        {},
      ],
    ])('of a client %s', async (_, [code, path, details], asked, caller) => {
      const call = rotate({ clientId: tills, ...asked }, hours(0), { ...own, ...caller });

      await expect(call).rejects.toEqual(refusal(code, path, details));
      expect(await db().countBy(ClientRotation, { clientId: tills })).toBe(0);
    });

    it('of the way in which a client proves itself, or under an id that another key has', async () => {
      const jwks = jwksOf(await givenKey('ES256', 'b'), await givenKey('ES256', 'a'));

      await expect(rotate({ clientId: tills, jwks })).rejects.toEqual(refusal('INVALID', ['jwks']));
      await expect(rotate({ clientId: keyed })).rejects.toEqual(refusal('INVALID', ['jwks']));
      await expect(rotate({ clientId: keyed, jwks })).rejects.toEqual(
        refusal('INVALID', ['jwks', 'keys', '0', 'kid']),
      );
      const idempotencyKey = 'k';
      await rotate({ clientId: keyed, jwks: jwksOf(key), idempotencyKey });
      const others = jwksOf(await givenKey('ES256', 'c'));
      await expect(rotate({ clientId: keyed, jwks: others, idempotencyKey })).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey']),
      );

      expect(await working(keyed)).toEqual(['a']);
    });

    it('where the partner has left', async () => {
      const left = await givenInvited(test);
      const { clientId } = await givenClient(test, left);
      await givenStatus(test, left, 'TERMINATED');

      await expect(rotate({ clientId })).rejects.toEqual(
        refusal('NOT_ALLOWED', [], { subject: 'TERMINATED' }),
      );
    });
  });
});
