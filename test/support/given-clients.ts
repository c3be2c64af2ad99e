import { type CryptoKey, type JWK, exportJWK, generateKeyPair } from 'jose';
import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../platform/clock.ts';
import type { Scope } from '../../platform/contract.generated.ts';
import { createApiClient } from '../../subgraphs/partners/clients/api-clients.ts';
import { rotateApiClient } from '../../subgraphs/partners/clients/rotations.ts';
import { testConfig } from './config.ts';
import type { TestDatabase } from './database.ts';
import { adminViewer } from './subgraph.ts';

/** What a partner's system knows of its API client. */
export interface GivenClient {
  clientId: string;
  secret: string;
}

/** An API client of the partner, as staff makes them. */
export async function givenClient(
  test: TestDatabase,
  partnerId: string,
  { scopes = ['ACCRUALS_WRITE'] as Scope[], sandbox = false } = {},
): Promise<GivenClient> {
  const { client, clientSecret } = await createApiClient(
    test.db('partners'),
    { partnerId, name: 'Tills', scopes, sandbox, idempotencyKey: randomUUID() },
    { viewer: adminViewer(), clock: databaseClock, sealKey: testConfig().sealKey },
  );
  return { clientId: client.clientId, secret: clientSecret! };
}

/** A key that a partner's system signs with, and what it tells of it. */
export interface GivenKey {
  alg: 'ES256' | 'EdDSA';
  privateKey: CryptoKey;
  publicJwk: JWK & { kid: string };
}

export async function givenKey(alg: GivenKey['alg'], kid: string = randomUUID()) {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return { alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid } };
}

/** An API client with keys in place of a secret. @returns its id */
export async function givenKeyClient(
  test: TestDatabase,
  partnerId: string,
  ...keys: GivenKey[]
): Promise<string> {
  const { client } = await createApiClient(
    test.db('partners'),
    {
      partnerId,
      name: 'Tills',
      scopes: ['ACCRUALS_WRITE'],
      jwks: JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }),
      idempotencyKey: randomUUID(),
    },
    { viewer: adminViewer(), clock: databaseClock, sealKey: testConfig().sealKey },
  );
  return client.clientId;
}

/** Another secret for a client, or these keys for one that has keys. */
export async function givenRotated(test: TestDatabase, clientId: string, ...keys: GivenKey[]) {
  const jwks = JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) });
  const { clientSecret } = await rotateApiClient(
    test.db('partners'),
    { clientId, ...(keys.length > 0 && { jwks }) },
    { viewer: adminViewer(), clock: databaseClock, sealKey: testConfig().sealKey },
  );
  return { secret: clientSecret! };
}
