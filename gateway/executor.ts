import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from './context.ts';
import type { Operations } from './execution/operations.ts';
import type { Executed } from './execution/prepare.ts';
import { traced } from './spans.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import { readVariables } from './variables.ts';

type Gateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type RunOperation = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type TellSchema = Parameters<Gateway['onSchemaLoadOrUpdate']>[0];

/** Plans operations over the subgraphs, and runs the plans. */
export interface Executor {
  /** What is served now. An operation is run on what it was checked by, whatever is switched to. */
  readonly supergraph: Supergraph;
  /** What clients see of it. */
  readonly schema: GraphQLSchema;
  readonly operations: Operations;
  /** For a GraphQL server that reads and checks operations. */
  readonly gateway: Gateway;
  /** Serves another supergraph from now on; what is under way ends on the one that it began on. */
  switchTo(next: Supergraph): void;
  /** @param listener called after each switch */
  onSwitch(listener: () => void): void;
}

/** Opens the executor on a supergraph, which it closes. */
export function createExecutor(first: Supergraph): Executor {
  let current = first;
  const bySchema = new WeakMap([[first.schema, first]]);
  const servers = new Set<TellSchema>();
  const listeners: (() => void)[] = [];
  const tell = (server: TellSchema): void =>
    server({ apiSchema: current.schema, coreSupergraphSdl: current.sdl });
  return {
    get supergraph() {
      return current;
    },
    get schema() {
      return current.schema;
    },
    get operations() {
      return current.operations;
    },
    gateway: {
      onSchemaLoadOrUpdate(server) {
        servers.add(server);
        return () => servers.delete(server);
      },
      async load() {
        for (const server of servers) tell(server);
        return { executor: (asked) => run(asked, bySchema.get(asked.schema)!) };
      },
      stop: () => current.planner.close(),
    },
    switchTo(next) {
      const last = current;
      bySchema.set(next.schema, next);
      current = next;
      for (const server of servers) tell(server);
      last.planner.retire();
      for (const listener of listeners) listener();
    },
    onSwitch: (listener) => void listeners.push(listener),
  };
}

async function run(
  { source, document, request, context }: Parameters<RunOperation>[0],
  { schema, operations }: Supergraph,
): ReturnType<RunOperation> {
  const { operationName, variables = {} } = request;
  const asked = context as GatewayContext;
  const prepared =
    operations.known(source, operationName) ??
    (await traced(asked, 'plan', () => operations.prepare(source, operationName, document)));
  const { errors } = readVariables(schema, prepared.operation, variables);
  if (errors) return { errors };
  return resultOf(await prepared.execute(variables, asked));
}

function resultOf({ data, errors, flaws }: Executed): Awaited<ReturnType<RunOperation>> {
  return {
    data: JSON.parse(data.join('')) as Record<string, unknown> | null,
    ...(errors.length > 0 && { errors: errors.map(asGraphQLError) }),
    ...(flaws.length > 0 && { extensions: { valueCompletion: flaws } }),
  };
}

function asGraphQLError({ message, path, extensions }: Executed['errors'][number]): GraphQLError {
  return new GraphQLError(message, { ...(path && { path }), ...(extensions && { extensions }) });
}
