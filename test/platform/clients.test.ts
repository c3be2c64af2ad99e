import { databaseClock } from '../../platform/clock.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { revokeApiClient } from '../../subgraphs/partners/clients/api-clients.ts';
import { useAllSubgraphs } from '../support/all-subgraphs.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenClient } from '../support/given-clients.ts';
import { givenInvited } from '../support/given-partners.ts';
import { adminViewer, callSubgraph, memberViewer, partnerViewer } from '../support/subgraph.ts';

describe('a revoked API client, whose token is out', () => {
  const test = useTestDatabase();
  const subgraphs = useAllSubgraphs(test);

  it('is known to no subgraph from the next request on; every other caller is', async () => {
    const partnerId = await givenInvited(test);
    const [revoked, other] = [
      await givenClient(test, partnerId),
      await givenClient(test, partnerId),
    ];
    const of = (subject: string): Viewer => ({ ...partnerViewer(partnerId), subject });
    const codesFor = async (viewer = of(revoked.clientId)) =>
      Promise.all(
        subgraphs().map(async (subgraph) => {
          const { data, errors } = await callSubgraph(subgraph, viewer, '{ __typename }');
          return data ? 'answered' : errors?.[0]?.extensions?.code;
        }),
      );
    const answered = Array<string>(4).fill('answered');
    expect(await codesFor()).toEqual(answered);

    const { clientId } = revoked;
    const revoker = { viewer: of(clientId), clock: databaseClock };
    await revokeApiClient(test.db('partners'), { clientId }, revoker);

    expect(await codesFor()).toEqual(Array(4).fill('UNAUTHENTICATED'));
    const others = [
      of(other.clientId),
      // A person of the partner's staff, or a client of another issuer.
      of('ada@shop.example'),
      anonymous,
      { ...memberViewer(partnerId), subject: clientId },
      adminViewer(),
    ];
    for (const viewer of others) expect(await codesFor(viewer)).toEqual(answered);
  });
});
