import type { Subgraph } from '../../platform/subgraph.ts';
import { start as startCommunity } from '../../subgraphs/community/server.ts';
import { start as startMembers } from '../../subgraphs/members/server.ts';
import { start as startPartners } from '../../subgraphs/partners/server.ts';
import { start as startRewards } from '../../subgraphs/rewards-catalog/server.ts';
import type { TestDatabase } from './database.ts';
import { configOn, testPlatform } from './subgraph.ts';

/** Starts the four subgraphs on the test's database for a group of tests, and drains them after it. */
export function useAllSubgraphs(test: TestDatabase): () => Subgraph[] {
  let subgraphs: Subgraph[];
  beforeAll(async () => {
    const starts = [startMembers, startPartners, startRewards, startCommunity];
    subgraphs = await Promise.all(starts.map((start) => start(configOn(test), testPlatform())));
  });
  afterAll(() => Promise.all(subgraphs.map((subgraph) => subgraph.drain())));
  return () => subgraphs;
}
