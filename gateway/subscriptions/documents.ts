import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { httpRefusal } from '../../platform/errors.ts';
import type { Limits } from '../../platform/limits.ts';
import { refusalOfDocument, refusalOfVariables } from '../document-limits.ts';
import type { Executor } from '../executor.ts';
import type { Prepared } from '../execution/prepare.ts';
import { refusalOfOperation } from '../limits.ts';
import { readVariables } from '../variables.ts';
import { Refused } from './refused.ts';

/** A subscription that was checked, planned and compiled. */
export interface ReadSubscription {
  prepared: Prepared & { events: NonNullable<Prepared['events']> };
  variables: Record<string, unknown>;
}

/** A GraphQL request, as it was sent. */
export interface Asked {
  query?: unknown;
  operationName?: unknown;
  variables?: unknown;
}

/**
 * Checks a subscription as other operations are checked, and prepares it.
 *
 * @throws GraphQLError, Refused
 */
export async function readSubscription(
  asked: Asked,
  { schema, operations }: Pick<Executor, 'schema' | 'operations'>,
  limits: Limits,
): Promise<ReadSubscription> {
  const { query, operationName, variables } = readForm(asked);
  const tooMuch = refusalOfDocument(query, limits) ?? refusalOfVariables(variables, limits);
  if (tooMuch) throw httpRefusal(400, 'QUERY_TOO_EXPENSIVE', tooMuch);
  refuseConditionalStreams(query, limits);
  const document = readDocument(query, schema, limits);
  const operation = operationOf(document, operationName);
  const { coerced, errors } = readVariables(schema, operation, variables);
  if (errors) throw new Refused(errors.map((error) => withCode(error, 'BAD_USER_INPUT')));
  const parts = { schema, document, operation, variables: coerced, limits };
  const tooLarge = refusalOfOperation(parts);
  if (tooLarge) throw httpRefusal(400, 'QUERY_TOO_EXPENSIVE', tooLarge);
  const prepared = await operations.prepare(query, operationName, document);
  const { events } = prepared;
  if (!events) throw new Error('The plan of a subscription follows no events.');
  return { prepared: { ...prepared, events }, variables };
}

/** Whether the operation that an ordinary request names is a subscription. */
export function isSubscription({ query, operationName }: Asked, limits: Limits): boolean {
  const document = readPlainly(query, limits);
  const name = typeof operationName === 'string' ? operationName : undefined;
  const operation = document && getOperationAST(document, name);
  return operation?.operation === OperationTypeNode.SUBSCRIPTION;
}

/**
 * Refuses a document with a subscription whose field a variable could leave out: there would be nothing to
 * follow. graphql-js does not refuse it: it throws, where it looks for other mistakes.
 *
 * @throws GraphQLError GRAPHQL_VALIDATION_FAILED (HTTP 400)
 */
export function refuseConditionalStreams(query: unknown, limits: Limits): void {
  const isConditional = readPlainly(query, limits)?.definitions.some(
    (node) =>
      node.kind === Kind.OPERATION_DEFINITION &&
      node.operation === OperationTypeNode.SUBSCRIPTION &&
      node.selectionSet.selections.some(
        (each) => each.kind !== Kind.FIELD || (each.directives ?? []).length > 0,
      ),
  );
  if (!isConditional) return;
  const message = 'A subscription has one field, without a fragment around it or a directive.';
  throw httpRefusal(400, 'GRAPHQL_VALIDATION_FAILED', message);
}

/** A document that may hold a subscription; null for any other, and for what is none: who reads it next says why. */
function readPlainly(query: unknown, limits: Limits): DocumentNode | null {
  if (typeof query !== 'string' || !/\bsubscription\b/.test(query)) return null;
  try {
    return parse(query, { maxTokens: limits.documentTokens, noLocation: true });
  } catch {
    return null;
  }
}

function readForm({ query, operationName, variables }: Asked) {
  const isForm =
    typeof query === 'string' &&
    typeof (operationName ?? '') === 'string' &&
    typeof (variables ?? {}) === 'object' &&
    !Array.isArray(variables);
  if (!isForm) throw httpRefusal(400, 'BAD_REQUEST', 'This is no GraphQL request.');
  return {
    query,
    operationName: (operationName ?? undefined) as string | undefined,
    variables: (variables ?? {}) as Record<string, unknown>,
  };
}

function readDocument(query: string, schema: GraphQLSchema, limits: Limits): DocumentNode {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: limits.documentTokens });
  } catch (error) {
    throw withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED');
  }
  // A suggestion would name what other audiences see.
  const options = { hideSuggestions: true };
  const errors = validate(schema, document, specifiedRules, options);
  if (errors.length === 0) return document;
  throw new Refused(errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (!operation) {
    const message = 'The document has no operation of this name, or several and no name is given.';
    throw httpRefusal(400, 'OPERATION_RESOLUTION_FAILURE', message);
  }
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) return operation;
  throw httpRefusal(400, 'BAD_REQUEST', 'Subscriptions alone are answered by events.');
}

function withCode({ message, nodes, source, positions }: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code },
  });
}
