import type { Config } from '../../platform/config.ts';
import type { Platform } from '../../platform/context.ts';
import { type Subgraph, type SubgraphDefinition, startSubgraph } from '../../platform/subgraph.ts';
import { access } from './access.ts';
import * as entities from './entities.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** What makes the rewards catalog out of the platform. */
export const definition = {
  name: 'rewards-catalog',
  resolvers,
  entities: Object.values(entities),
  access,
  createLoaders,
} satisfies SubgraphDefinition<unknown>;

/** Starts the rewards catalog. */
export function start(config: Config, platform: Platform): Promise<Subgraph> {
  return startSubgraph(definition, config, platform);
}
