import type { Subgraph } from '../../platform/subgraph.ts';
import { start as startCommunity } from '../../subgraphs/community/server.ts';
import { start as startMembers } from '../../subgraphs/members/server.ts';
import { start as startPartners } from '../../subgraphs/partners/server.ts';
import { start as startRewards } from '../../subgraphs/rewards-catalog/server.ts';
import type { TestDatabase } from './database.ts';
import { configOn, testPlatform } from './subgraph.ts';

/**
 * Starts the four subgraphs on the test's database for a group of tests, and drains them after it; where they
 * listen, their ports are free ones.
 */
export function useAllSubgraphs(
  test: TestDatabase,
  environment: Record<string, string> = {},
): () => Subgraph[] {
  let subgraphs: Subgraph[];
  beforeAll(async () => {
    const starts = [startMembers, startPartners, startRewards, startCommunity];
    const on = configOn(test, environment);
    const ports = Object.fromEntries(Object.keys(on.ports).map((part) => [part, 0]));
    const config = { ...on, ports: ports as typeof on.ports };
    subgraphs = await Promise.all(starts.map((start) => start(config, testPlatform())));
  });
  afterAll(() => Promise.all(subgraphs.map((subgraph) => subgraph.drain())));
  return () => subgraphs;
}
