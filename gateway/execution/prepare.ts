import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  getOperationAST,
} from 'graphql';
import type { GatewayContext } from '../context.ts';
import { compileBody } from './fetches.ts';
import type { FetchParts } from './fetches.ts';
import { applyRewrites } from './rewrites.ts';
import type { Run, Step, Variables } from './run.ts';
import { collectFields, conditionsOf, fragmentsOf, readCondition } from './selections.ts';
import { compileStep } from './steps.ts';
import { type Tree, mergeInto } from './trees.ts';
import { type WriteData, compileWriter } from './writer.ts';
import type { Wording } from './wording.ts';

/** What an operation came to. */
export interface Executed {
  /** As JSON, in pieces one behind the other: an object, or null. */
  data: readonly string[];
  /** By their paths in the client's operation. */
  errors: GraphQLFormattedError[];
  /** Where subgraphs answered what the schema does not promise, if nothing else went wrong. */
  flaws: GraphQLFormattedError[];
}

/** An operation that was planned and compiled, to be run any number of times. */
export interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** What it was checked by, and its variables are. */
  readonly schema: GraphQLSchema;
  /**
   * Runs it. Whatever fails has its error in the answer.
   *
   * @param variables as the client wrote them, checked by the schema
   * @param event what a subgraph's event holds, of a subscription
   */
  execute(variables: Variables, context: GatewayContext, event?: Tree): Promise<Executed>;
  /** Whose events it follows, and what to ask for them; null where it is no subscription. */
  readonly events: { subgraph: string; bodyOf: (variables: Variables) => string } | null;
}

export interface Preparing extends FetchParts {
  /** What clients see of the supergraph. */
  schema: GraphQLSchema;
  wording: Wording;
  /** Objects of one place that are written before code is generated for them, where it is not the usual number. */
  generateAfter?: number;
}

/** Compiles the plan of a valid document's operation. */
export function prepare(
  document: DocumentNode,
  operationName: string | undefined,
  plan: QueryPlan,
  parts: Preparing,
): Prepared {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('The document has no operation of this name.');
  const { node } = plan;
  const primary = node?.kind === 'Subscription' ? node.primary : null;
  const main = node?.kind === 'Subscription' ? node.rest : node;
  const step = main ? compileStep(main, { ...parts, operation }) : null;
  if (!node) refuseUnanswerable(document, operation, parts);
  const writerFor = compileWriters(document, operation, parts);
  return {
    document,
    operation,
    schema: parts.schema,
    events: primary && { subgraph: primary.serviceName, bodyOf: compileBody(primary) },
    async execute(variables, context, event) {
      const isMutation = operation.operation === OperationTypeNode.MUTATION;
      const own = isMutation ? whoeverWaits(context) : context;
      const run: Run = {
        variables,
        context: own,
        data: {},
        isPlain: !event,
        errors: [],
        lacking: new Set(),
      };
      if (event) takeEvent(run.data, event, primary, parts);
      await runAll(step, run);
      const { data, flaws } = writerFor(variables)(run.data, run.isPlain);
      const errors = run.errors.map((error) => asAsked(error, parts.wording));
      // What failed has left its nulls.
      return { data, errors, flaws: errors.length > 0 ? [] : flaws };
    },
  };
}

/** A mutation that was begun is finished, whoever waits for it. */
function whoeverWaits(context: GatewayContext): GatewayContext {
  const own = { ...context };
  delete own.gone;
  return own;
}

/** The planner plans nothing for what no subgraph can be asked for. */
function refuseUnanswerable(
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
  { schema, wording }: Preparing,
): void {
  const selecting = { schema, wording, fragments: fragmentsOf(document), conditions: new Map() };
  const names = collectFields(selecting, [selectionSet], schema.getRootType(operation)!).values();
  if ([...names].every(([node]) => node!.name.value.startsWith('__'))) return;
  throw new GraphQLError('No part of the system can answer this.', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}

function asAsked(
  error: GraphQLFormattedError,
  { asAsked: pathOf }: Wording,
): GraphQLFormattedError {
  return error.path ? { ...error, path: pathOf(error.path) } : error;
}

function takeEvent(data: Tree, event: Tree, primary: FetchNode | null, parts: Preparing): void {
  applyRewrites(parts.supergraph, primary?.outputRewrites ?? [], event);
  mergeInto(data, event);
}

function runAll(step: Step | null, run: Run): Promise<void> | undefined {
  return step?.(run, { path: [], found: [run.data] });
}

/** Sets of conditions whose writers are kept, of one operation: with eight variables there are 256. */
const writersMax = 16;

/** What writes the answer, for each set of values of the variables that decide what is selected. */
function compileWriters(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { schema, wording, generateAfter }: Preparing,
): (variables: Variables) => WriteData {
  const names = conditionsOf(document);
  const fragments = fragmentsOf(document);
  const type = schema.getRootType(operation.operation)!;
  const writers = new Map<string, WriteData>();
  return (variables) => {
    const values = names.map((name) => readCondition(operation, name, variables));
    const key = values.join();
    let write = writers.get(key);
    if (!write) {
      const conditions = new Map(names.map((name, place) => [name, values[place]!]));
      write = compileWriter(
        { schema, fragments, conditions, wording },
        type,
        operation.selectionSet,
        generateAfter,
      );
      if (writers.size === writersMax) writers.clear();
      writers.set(key, write);
    }
    return write;
  };
}
