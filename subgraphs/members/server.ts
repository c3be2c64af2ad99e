import { Not } from 'typeorm';
import type { Config } from '../../platform/config.ts';
import type { Platform } from '../../platform/context.ts';
import { type Subgraph, type SubgraphDefinition, startSubgraph } from '../../platform/subgraph.ts';
import { access } from './access.ts';
import * as entities from './entities.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** What makes members out of the platform. */
export const definition = {
  name: 'members',
  resolvers,
  entities: Object.values(entities),
  access,
  createLoaders,
  // Who is closed is told nothing.
  mayGoOn: async ({ db, viewer }) =>
    !viewer.memberId ||
    (await db.existsBy(entities.Member, { id: viewer.memberId, status: Not('CLOSED') })),
} satisfies SubgraphDefinition<unknown>;

/** Starts members: who takes part, what they own and whom they trust. */
export function start(config: Config, platform: Platform): Promise<Subgraph> {
  return startSubgraph(definition, config, platform);
}
