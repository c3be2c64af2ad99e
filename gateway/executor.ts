import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, getVariableValues, isScalarType } from 'graphql';
import type { Config, SubgraphName } from '../platform/config.ts';
import { scalars } from '../platform/scalars.ts';
import type { GatewayContext } from './context.ts';
import { openWay } from './data-source.ts';
import { type Operations, openOperations } from './execution/operations.ts';
import { openPlanning } from './execution/planning.ts';
import type { Executed } from './execution/prepare.ts';
import type { SubgraphClient } from './subgraph-client.ts';

type Gateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type RunOperation = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** Plans operations over the subgraphs, and runs the plans. */
export interface Executor {
  /** What clients see of the supergraph. */
  schema: GraphQLSchema;
  operations: Operations;
  /** The same, for a GraphQL server that reads and checks operations. */
  gateway: Gateway;
}

/**
 * Opens the executor. The supergraph is given, so that it loads while subgraphs are down.
 */
export function createExecutor(
  config: Config,
  clients: Readonly<Record<SubgraphName, SubgraphClient>>,
  supergraphSdl: string,
): Executor {
  const planner = openPlanning(supergraphSdl, config.limits);
  const { schema } = planner;
  teachScalars(schema);
  const wayTo = (name: string) => {
    const client = clients[name as SubgraphName] as SubgraphClient | undefined;
    if (!client) throw new Error(`There is no client for the subgraph "${name}".`);
    return openWay(name as SubgraphName, client, config);
  };
  const operations = openOperations(planner, wayTo, config.limits.preparedBytes);
  const run: RunOperation = async ({ source, document, request, context }) => {
    const { operationName, variables = {} } = request;
    const prepared = await operations.prepare(source, operationName, document);
    const given = prepared.operation.variableDefinitions ?? [];
    const { errors } = getVariableValues(schema, given, variables);
    if (errors) return { errors };
    return resultOf(await prepared.execute(variables, context as GatewayContext));
  };
  return {
    schema,
    operations,
    gateway: {
      onSchemaLoadOrUpdate(tell) {
        tell({ apiSchema: schema, coreSupergraphSdl: supergraphSdl });
        return () => undefined;
      },
      load: () => Promise.resolve({ executor: run }),
      stop: () => planner.close(),
    },
  };
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
