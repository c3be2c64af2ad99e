import {
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  type GraphQLResponse,
  type HTTPGraphQLHead,
  HeaderMap,
} from '@apollo/server';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
  execute,
} from 'graphql';
import type { GatewayContext } from './context.ts';
import type { Executor } from './executor.ts';

/** Answers a question about the schema by the graph of the caller's audience; nothing is planned. */
export function introspection(
  executor: Pick<Executor, 'supergraph'>,
): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () =>
      Promise.resolve<GraphQLRequestListener<GatewayContext>>({
        async responseForOperation({ document, operation, request, contextValue }) {
          if (!operation || !isIntrospection(document, operation)) return null;
          const { data, errors } = await execute({
            schema: executor.supergraph.graphs[contextValue.viewer.audience],
            document,
            operationName: request.operationName ?? null,
            variableValues: request.variables ?? {},
          });
          const headers = new HeaderMap();
          if (!errors) return respond({ data: data ?? null }, { status: 200, headers });
          return respond({ errors: errors.map(badVariable) }, { status: 400, headers });
        },
      }),
  };
}

function respond(singleResult: FormattedExecutionResult, http: HTTPGraphQLHead): GraphQLResponse {
  return { http, body: { kind: 'single', singleResult } };
}

/** In a valid introspection nothing else can fail. */
function badVariable({ message }: GraphQLError): GraphQLFormattedError {
  return { message, extensions: { code: 'BAD_USER_INPUT' } };
}

/**
 * Keeps questions about the schema and about data apart: one is answered by the audience's graph, the
 * other is planned on the whole one.
 */
export const introspectionAlone: ValidationRule = (context) => ({
  OperationDefinition(node) {
    const names = rootFields(context.getDocument(), node);
    if (!names.some(isMeta) || names.every((name) => isMeta(name) || name === '__typename')) return;
    const message =
      'Ask for the schema in an operation of its own: __schema and __type stand alone.';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

/** Whether a valid operation asks for the schema. */
export function isIntrospection(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  return rootFields(document, operation).some(isMeta);
}

function isMeta(name: string): boolean {
  return name === '__schema' || name === '__type';
}

/** The names of the fields that an operation asks of its root, those of its fragments among them. */
function rootFields(document: DocumentNode, { selectionSet }: OperationDefinitionNode): string[] {
  const names: string[] = [];
  const seen = new Set<string>();
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) names.push(node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet);
      else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        for (const each of document.definitions) {
          if (each.kind !== Kind.FRAGMENT_DEFINITION || each.name.value !== node.name.value)
            continue;
          visit(each.selectionSet);
        }
      }
    }
  };
  visit(selectionSet);
  return names;
}
