/** Apollo's own gateway, as its documentation has it; it hands on who asks as it was told. */
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
import {
  ApolloGateway,
  type GraphQLDataSourceProcessOptions,
  RemoteGraphQLDataSource,
} from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { subgraphNames } from '../../platform/config.ts';
import { supergraphFor } from '../gateway/given.ts';
import { viewerHeader } from './given.ts';

interface Caller {
  viewer: string | undefined;
}

class Way extends RemoteGraphQLDataSource<Caller> {
  override willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<Caller>): void {
    const { viewer } = context as Partial<Caller>;
    if (viewer) request.http!.headers.set(viewerHeader, viewer);
  }
}

const [port, ...ports] = process.argv.slice(2);
const open = Object.fromEntries(
  subgraphNames.map((name, place) => [name, `http://127.0.0.1:${ports[place]}`]),
);
const apollo = new ApolloServer<Caller>({
  gateway: new ApolloGateway({
    supergraphSdl: supergraphFor({ open }),
    buildService: ({ url }) => new Way({ url: url! }),
  }),
});
await startStandaloneServer(apollo, {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: ({ req }) =>
    Promise.resolve({ viewer: req.headers[viewerHeader] as string | undefined }),
});
