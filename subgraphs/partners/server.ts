import { In, Not } from 'typeorm';
import type { Config } from '../../platform/config.ts';
import type { Platform } from '../../platform/context.ts';
import { type Subgraph, type SubgraphDefinition, startSubgraph } from '../../platform/subgraph.ts';
import { access } from './access.ts';
import * as entities from './entities.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** What makes partners out of the platform. */
export const definition = {
  name: 'partners',
  resolvers,
  entities: Object.values(entities),
  access,
  createLoaders,
  // As it gets no tokens.
  mayGoOn: async ({ db, viewer }) =>
    !viewer.partnerId ||
    (await db.existsBy(entities.Partner, {
      id: viewer.partnerId,
      status: Not(In(['SUSPENDED', 'TERMINATED'])),
    })),
} satisfies SubgraphDefinition<unknown>;

/** Starts partners. */
export function start(config: Config, platform: Platform): Promise<Subgraph> {
  return startSubgraph(definition, config, platform);
}
