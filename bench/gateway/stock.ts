/** Apollo's own gateway, as its documentation has it. */
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type Given, supergraphFor, tell } from './given.ts';

const { urls } = JSON.parse(process.argv[2]!) as Given;
const apollo = new ApolloServer({
  gateway: new ApolloGateway({ supergraphSdl: supergraphFor(urls) }),
});
const { url } = await startStandaloneServer(apollo, { listen: { port: 0, host: '127.0.0.1' } });
tell(Number(new URL(url).port));
