import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../platform/clock.ts';
import type { Scope } from '../../platform/contract.generated.ts';
import { createApiClient } from '../../subgraphs/partners/api-clients.ts';
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
