import type { Config } from '../../platform/config.ts';
import type { Platform } from '../../platform/context.ts';
import { type Subgraph, startSubgraph } from '../../platform/subgraph.ts';
import { access } from './access.ts';
import * as entities from './entities.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Starts the community. */
export function start(config: Config, platform: Platform): Promise<Subgraph> {
  return startSubgraph(
    {
      name: 'community',
      resolvers,
      entities: Object.values(entities),
      access,
      createLoaders,
    },
    config,
    platform,
  );
}
