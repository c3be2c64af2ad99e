import { SignJWT } from 'jose';
import { databaseClock } from '../../platform/clock.ts';
import type { Scope } from '../../platform/contract.generated.ts';
import { createApiClient } from '../../subgraphs/partners/clients/api-clients.ts';
import { randomUUID } from 'node:crypto';
import { testConfig } from './config.ts';
import type { TestDatabase } from './database.ts';
import { type GivenKey, givenKey } from './given-clients.ts';
import { adminViewer } from './subgraph.ts';

/** A partner's system that proves accounts to be members'. */
export interface Prover {
  clientId: string;
  key: GivenKey;
}

/** An API client with a key, as staff makes it. */
export async function givenProver(
  test: TestDatabase,
  partnerId: string,
  scopes: Scope[] = ['MEMBERS_LINK'],
): Promise<Prover> {
  const key = await givenKey('ES256');
  const { client } = await createApiClient(
    test.db('partners'),
    {
      partnerId,
      name: 'Accounts',
      scopes,
      jwks: JSON.stringify({ keys: [key.publicJwk] }),
      idempotencyKey: randomUUID(),
    },
    { viewer: adminViewer(), clock: databaseClock, sealKey: testConfig().sealKey },
  );
  return { clientId: client.clientId, key };
}

/** What the partner hands over after its own sign-in. */
export function aProof(
  { clientId, key }: Prover,
  claims: { kind: string; sub: string; aud?: string; exp?: number; iss?: string },
): Promise<string> {
  const { kid } = key.publicJwk;
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ iss: clientId, aud: testConfig().audience, exp: now + 300, ...claims })
    .setProtectedHeader({ alg: key.alg, kid })
    .sign(key.privateKey);
}
