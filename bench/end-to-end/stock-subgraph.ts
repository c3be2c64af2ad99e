/**
 * A subgraph as Apollo's documentation has it: ApolloServer in front of graphql-js, over the resolvers, the
 * batched look-ups and the database that this one has. Its callers are believed: no hop is signed.
 */
import '../../platform/production.ts';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { randomUUID } from 'node:crypto';
import { isRevoked } from '../../platform/clients.ts';
import { type SubgraphName, readConfig } from '../../platform/config.ts';
import { openDatabase } from '../../platform/connection.ts';
import type { Context } from '../../platform/context.ts';
import { forbidden } from '../../platform/errors.ts';
import { consentReader } from '../../platform/members.ts';
import { type SubgraphDefinition, startSubgraph } from '../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { definition as community } from '../../subgraphs/community/server.ts';
import { definition as members } from '../../subgraphs/members/server.ts';
import { definition as partners } from '../../subgraphs/partners/server.ts';
import { definition as rewardsCatalog } from '../../subgraphs/rewards-catalog/server.ts';
import { openPlatform } from '../../system.ts';
import { patient, viewerHeader } from './given.ts';

const definitions: Readonly<Record<SubgraphName, SubgraphDefinition<unknown>>> = {
  members,
  partners,
  'rewards-catalog': rewardsCatalog,
  community,
};

const name = process.argv[2] as SubgraphName;
const definition = definitions[name];
const config = patient(readConfig(process.env, name));
const platform = openPlatform(config);
const { schema } = await startSubgraph(definition, config, platform);
const source = await openDatabase(
  config.databaseUrls[name],
  definition.entities,
  config.limits,
  name,
);
const apollo = new ApolloServer<Context>({ schema });
await startStandaloneServer(apollo, {
  listen: { port: config.ports[name], host: '127.0.0.1' },
  async context({ req }) {
    const header = req.headers[viewerHeader];
    const viewer = header ? (JSON.parse(header as string) as Viewer) : anonymous;
    if (await isRevoked(source.manager, viewer)) throw forbidden();
    return contextOf(viewer);
  },
});

function contextOf(viewer: Viewer): Context {
  const { clock, mail, texts, log } = platform;
  const context: Context = {
    db: source.manager,
    batches: null,
    viewer,
    clock,
    mail,
    texts,
    config,
    may: consentReader(source.manager, viewer),
    follow: () => Promise.reject(new Error('Nobody subscribes.')),
    log,
    requestId: randomUUID(),
  };
  return Object.assign(context, { loaders: definition.createLoaders(context) });
}
