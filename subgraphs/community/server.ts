import type { Config } from '../../platform/config.ts';
import type { Platform } from '../../platform/context.ts';
import { type Subgraph, type SubgraphDefinition, startSubgraph } from '../../platform/subgraph.ts';
import { access } from './access.ts';
import * as entities from './entities.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** What makes the community out of the platform. */
export const definition = {
  name: 'community',
  resolvers,
  entities: Object.values(entities),
  access,
  createLoaders,
} satisfies SubgraphDefinition<unknown>;

/** Starts the community. */
export function start(config: Config, platform: Platform): Promise<Subgraph> {
  return startSubgraph(definition, config, platform);
}
