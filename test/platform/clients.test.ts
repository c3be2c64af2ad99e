import { databaseClock } from '../../platform/clock.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { start as startCommunity } from '../../subgraphs/community/server.ts';
import { start as startMembers } from '../../subgraphs/members/server.ts';
import { revokeApiClient } from '../../subgraphs/partners/api-clients.ts';
import { start as startPartners } from '../../subgraphs/partners/server.ts';
import { start as startRewards } from '../../subgraphs/rewards-catalog/server.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenClient } from '../support/given-clients.ts';
import { givenInvited } from '../support/given-partners.ts';
import {
  adminViewer,
  callSubgraph,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../support/subgraph.ts';

describe('a revoked API client, whose token is out', () => {
  const test = useTestDatabase();
  let subgraphs: Subgraph[];

  beforeAll(async () => {
    const starts = [startMembers, startPartners, startRewards, startCommunity];
    subgraphs = await Promise.all(starts.map((start) => start(configOn(test), testPlatform())));
  });
  afterAll(() => Promise.all(subgraphs.map((subgraph) => subgraph.drain())));

  it('is known to no subgraph from the next request on; every other caller is', async () => {
    const partnerId = await givenInvited(test);
    const [revoked, other] = [
      await givenClient(test, partnerId),
      await givenClient(test, partnerId),
    ];
    const of = (subject: string): Viewer => ({ ...partnerViewer(partnerId), subject });
    const codesFor = async (viewer = of(revoked.clientId)) =>
      Promise.all(
        subgraphs.map(async (subgraph) => {
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
