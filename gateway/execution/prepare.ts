import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
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
import { conditionsOf, fragmentsOf, readCondition } from './selections.ts';
import { compileStep } from './steps.ts';
import { type Tree, mergeInto } from './trees.ts';
import { type Written, compileWriter } from './writer.ts';

/** What an operation came to. */
export interface Executed {
  /** As JSON: an object, or null. */
  data: string;
  /** By their paths in the client's operation. */
  errors: GraphQLFormattedError[];
  /** Where subgraphs answered what the schema does not promise, if nothing else went wrong. */
  flaws: GraphQLFormattedError[];
}

/** An operation that was planned and compiled, to be run any number of times. */
export interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
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
  const writerFor = compileWriters(document, operation, parts);
  return {
    document,
    operation,
    events: primary && { subgraph: primary.serviceName, bodyOf: compileBody(primary) },
    async execute(variables, { gone, ...context }, event) {
      // A mutation that was begun is finished, whoever waits for it.
      const isLeft = operation.operation !== OperationTypeNode.MUTATION && gone;
      const own = isLeft ? { ...context, gone } : context;
      const run: Run = { variables, context: own, data: {}, errors: [] };
      if (event) takeEvent(run.data, event, primary, parts);
      await runAll(step, run);
      const { data, flaws } = writerFor(variables)(run.data);
      // What failed has left its nulls.
      return { data, errors: run.errors, flaws: run.errors.length > 0 ? [] : flaws };
    },
  };
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
  { schema }: Preparing,
): (variables: Variables) => (data: Tree) => Written {
  const names = conditionsOf(document);
  const fragments = fragmentsOf(document);
  const type = schema.getRootType(operation.operation)!;
  const writers = new Map<string, (data: Tree) => Written>();
  return (variables) => {
    const values = names.map((name) => readCondition(operation, name, variables));
    const key = values.join();
    let write = writers.get(key);
    if (!write) {
      const conditions = new Map(names.map((name, place) => [name, values[place]!]));
      write = compileWriter({ schema, fragments, conditions }, type, operation.selectionSet);
      if (writers.size === writersMax) writers.clear();
      writers.set(key, write);
    }
    return write;
  };
}
