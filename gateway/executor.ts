import { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { type GraphQLSchema, isScalarType } from 'graphql';
import type { Logger } from 'pino';
import type { Config, SubgraphName } from '../platform/config.ts';
import { scalars } from '../platform/scalars.ts';
import type { GatewayContext } from './context.ts';
import { hopDataSource, openHops } from './data-source.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** What the GraphQL server needs of it: the schema that clients see, and a way to run an operation. */
export type Executor = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];

/**
 * What plans an operation over the subgraphs and runs the plan. The supergraph is given, so that it
 * loads while subgraphs are down.
 */
export function createExecutor(
  config: Config,
  log: Logger,
  clients: Readonly<Record<SubgraphName, SubgraphClient>>,
  supergraphSdl: string,
): Executor {
  // Read when an ApolloGateway is made: without it, it reports to its maker.
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  const gateway = new ApolloGateway({
    supergraphSdl,
    // Composition has checked it; again would be a third of the start.
    validateSupergraph: false,
    // A header of the request shows the plan otherwise.
    __exposeQueryPlanExperimental: false,
    logger: log,
    // By default it compares up to 10,000 plans of an operation.
    queryPlannerConfig: { debug: { maxEvaluatedPlans: 100 } },
    buildService({ name }) {
      const client = clients[name as SubgraphName] as SubgraphClient | undefined;
      if (!client) throw new Error(`There is no client for the subgraph "${name}".`);
      return hopDataSource(openHops(name as SubgraphName, client, config));
    },
  });
  // The same schema checks documents and variables.
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => teachScalars(apiSchema));
  return gateway;
}

/**
 * A supergraph has only the names of its scalars: with this, a wrong value is refused at the door.
 * Subgraphs still get values as the client wrote them.
 */
function teachScalars(schema: GraphQLSchema): void {
  for (const [name, scalar] of Object.entries(scalars)) {
    const type = schema.getType(name);
    if (!isScalarType(type)) continue;
    type.parseValue = (value) => placed(() => scalar.parseValue(value));
    type.parseLiteral = (node, variables) => placed(() => scalar.parseLiteral(node, variables));
  }
}

/** graphql-js adds the place and the code to any error but its own. */
function placed<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new TypeError((error as Error).message);
  }
}
