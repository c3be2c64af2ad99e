import { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, buildASTSchema, isScalarType, parse } from 'graphql';
import type { Logger } from 'pino';
import type { Config, SubgraphName } from '../platform/config.ts';
import { scalars } from '../platform/scalars.ts';
import type { GatewayContext } from './context.ts';
import { openWay } from './data-source.ts';
import { type Operations, openOperations } from './execution/operations.ts';
import type { Planner, Wanted } from './execution/planner.ts';
import { openPlanning } from './execution/planning.ts';
import type { Executed } from './execution/prepare.ts';
import { type GatewayMetrics, timed } from './metrics.ts';
import type { SubgraphClient } from './subgraph-client.ts';
import { readVariables } from './variables.ts';

type Gateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type RunOperation = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** Plans operations over the subgraphs, and runs the plans. */
export interface Executor {
  /** What clients see of the supergraph; there once it is loaded, as are the operations. */
  readonly schema: GraphQLSchema;
  readonly operations: Operations;
  /** For a GraphQL server that reads and checks operations, and has the supergraph loaded. */
  readonly gateway: Gateway;
}

/** A supergraph that is loaded. */
interface Loaded {
  schema: GraphQLSchema;
  planner: Planner;
  operations: Operations;
}

/**
 * Opens the executor: Apollo's gateway loads the supergraph, and what it plans is run here. The
 * supergraph is given, so that it loads while subgraphs are down.
 */
export function createExecutor(
  config: Config,
  log: Logger,
  clients: Readonly<Record<SubgraphName, SubgraphClient>>,
  supergraphSdl: string,
  metrics: GatewayMetrics,
): Executor {
  // Read when an ApolloGateway is made: without it, it reports to its maker.
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  const gateway = new ApolloGateway({
    supergraphSdl,
    // Composition has checked it; again would be a third of the start.
    validateSupergraph: false,
    logger: log,
    buildService: () => unasked,
  });
  const wayTo = (name: string) => {
    const client = clients[name as SubgraphName] as SubgraphClient | undefined;
    if (!client) throw new Error(`There is no client for the subgraph "${name}".`);
    return openWay(name as SubgraphName, client, config);
  };
  let loaded: Loaded | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema: schema, coreSupergraphSdl }) => {
    teachScalars(schema);
    void loaded?.planner.close();
    const supergraph = buildASTSchema(parse(coreSupergraphSdl), { assumeValidSDL: true });
    const planning = openPlanning(coreSupergraphSdl, config.limits);
    const plan = timed(metrics.planning, (wanted: Wanted) => planning.plan(wanted));
    const planner = { ...planning, plan };
    const parts = { schema, supergraph, wayTo };
    const operations = openOperations(planner, parts, config.limits.preparedBytes);
    loaded = { schema, planner, operations };
  });
  const current = (): Loaded => {
    if (!loaded) throw new Error('The supergraph is not loaded.');
    return loaded;
  };
  return {
    get schema() {
      return current().schema;
    },
    get operations() {
      return current().operations;
    },
    gateway: {
      onSchemaLoadOrUpdate: (tell) => gateway.onSchemaLoadOrUpdate(tell),
      async load(options) {
        await gateway.load(options);
        return { executor: (asked) => run(asked, current()) };
      },
      async stop() {
        await Promise.all([gateway.stop(), loaded?.planner.close()]);
      },
    },
  };
}

/** Apollo's own executor would ask by this. */
const unasked = {
  process: () => Promise.reject(new Error('Subgraphs are asked by the steps of a plan.')),
};

async function run(
  { source, document, request, context }: Parameters<RunOperation>[0],
  { schema, operations }: Loaded,
): ReturnType<RunOperation> {
  const { operationName, variables = {} } = request;
  const prepared = await operations.prepare(source, operationName, document);
  const { errors } = readVariables(schema, prepared.operation, variables);
  if (errors) return { errors };
  return resultOf(await prepared.execute(variables, context as GatewayContext));
}

function resultOf({ data, errors, flaws }: Executed): Awaited<ReturnType<RunOperation>> {
  return {
    data: JSON.parse(data) as Record<string, unknown> | null,
    ...(errors.length > 0 && { errors: errors.map(asGraphQLError) }),
    ...(flaws.length > 0 && { extensions: { valueCompletion: flaws } }),
  };
}

function asGraphQLError({ message, path, extensions }: Executed['errors'][number]): GraphQLError {
  return new GraphQLError(message, { ...(path && { path }), ...(extensions && { extensions }) });
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
