import type { FastifyReply, FastifyRequest } from 'fastify';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { presentError } from '../platform/errors.ts';
import type { Limits } from '../platform/limits.ts';
import type { GatewayContext } from './context.ts';
import { giveTime } from './deadlines.ts';
import { refusalOfVariables } from './document-limits.ts';
import { traceable } from './errors.ts';
import type { Executed, Prepared } from './execution/prepare.ts';
import type { Variables } from './execution/run.ts';
import type { Executor } from './executor.ts';
import { type Cost, openCostCheck } from './limits.ts';
import type { GatewayMetrics } from './metrics.ts';
import { logFaults, logOperation } from './operation-log.ts';
import { describeOperation } from './spans.ts';
import { readVariables } from './variables.ts';

/** Answers a request at once; false where it is for the GraphQL server. */
export type AnswerKnown = (
  request: FastifyRequest,
  reply: FastifyReply,
  contextOf: () => GatewayContext,
) => Promise<boolean>;

/**
 * Opens the short way of operations that the GraphQL server has read, checked and had prepared: the
 * same limits, log and answer, without reading the document again. What is refused, and what is
 * not quite the usual request, is left to that server, so that each refusal has one form.
 */
export function openKnownOperations(
  executor: Pick<Executor, 'operations'>,
  limits: Limits,
  metrics: GatewayMetrics,
): AnswerKnown {
  const costChecks = new WeakMap<Prepared, ReturnType<typeof openCostCheck>>();
  const costOf = (prepared: Prepared, variables: Variables): Cost | null => {
    const { schema, document, operation } = prepared;
    let check = costChecks.get(prepared);
    if (!check) {
      check = openCostCheck({ schema, document, operation, limits });
      costChecks.set(prepared, check);
    }
    return check(variables);
  };

  return async (request, reply, contextOf) => {
    const answerType = answerTypes.get(request.headers.accept ?? '*/*');
    const asked = answerType === undefined ? null : readAsked(request.body);
    if (!asked || refusalOfVariables(asked.variables, limits)) return false;
    const { query, operationName, variables } = asked;
    const prepared = executor.operations.known(query, operationName);
    metrics.prepared.inc({ result: prepared ? 'hit' : 'miss' });
    if (!prepared || prepared.events) return false;
    const { operation } = prepared;
    // What needs no token is counted where it may be refused.
    const isCounted = operation.operation === OperationTypeNode.MUTATION;
    if (isCounted && request.viewer.audience === 'PUBLIC') return false;
    const { coerced } = readVariables(prepared.schema, operation, variables);
    const cost = coerced && costOf(prepared, coerced);
    if (!cost) return false;

    const started = performance.now();
    const context = contextOf();
    giveTime(operation, context, limits);
    describeOperation(context, operation);
    const executed = await prepared.execute(variables, context);
    logFaults(context, executed.errors);
    const errors = executed.errors.map((error) =>
      traceable(presentError(error), context.requestId),
    );
    logOperation(context, operation.name?.value, started, errors.length);
    const told = context.tellsCost ? cost : null;
    void reply.type(answerType!).send(bodyOf(piecesOf(executed, errors, told)));
    return true;
  };
}

/** What goes out with its head at once, as text; what is longer would be measured and encoded in turn. */
const shortText = 16_384;

/** As bytes it is never put together as text, for which V8 has memory of another, slower kind when it is long. */
function bodyOf(pieces: readonly string[]): string | Buffer {
  const length = pieces.reduce((sum, each) => sum + each.length, 0);
  if (length <= shortText) return pieces.join('');
  const body = Buffer.allocUnsafe(pieces.reduce((sum, each) => sum + Buffer.byteLength(each), 0));
  let end = 0;
  for (const each of pieces) end += body.write(each, end);
  return body;
}

interface Asked {
  query: string;
  operationName: string | undefined;
  variables: Variables;
}

/** A request of the usual form; null for any other. */
function readAsked(body: unknown): Asked | null {
  if (typeof body !== 'object' || body === null) return null;
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  if (typeof query !== 'string' || (extensions ?? null) !== null) return null;
  if ((operationName ?? null) !== null && typeof operationName !== 'string') return null;
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables)) return null;
  return {
    query,
    operationName: (operationName as string | null) ?? undefined,
    variables: (variables as Variables | null) ?? {},
  };
}

/** The answer's type, for what clients accept. */
const json = 'application/json; charset=utf-8';
const graphqlJson = 'application/graphql-response+json; charset=utf-8';
const answerTypes: ReadonlyMap<string, string> = new Map([
  ['*/*', json],
  ['application/json', json],
  ['application/json, text/plain, */*', json],
  ['application/graphql-response+json', graphqlJson],
  ['application/graphql-response+json, application/json', graphqlJson],
  ['application/graphql-response+json,application/json;q=0.9', graphqlJson],
  ['application/graphql-response+json, application/json;q=0.9', graphqlJson],
]);

function piecesOf(
  { data, flaws }: Executed,
  errors: readonly GraphQLFormattedError[],
  cost: Cost | null,
): string[] {
  const start = errors.length > 0 ? `"errors":${JSON.stringify(errors)},` : '';
  const isExtended = flaws.length > 0 || cost !== null;
  const extensions = { ...(flaws.length > 0 && { valueCompletion: flaws }), ...(cost && { cost }) };
  const end = isExtended ? `,"extensions":${JSON.stringify(extensions)}` : '';
  return [`{${start}"data":`, ...data, `${end}}\n`];
}
