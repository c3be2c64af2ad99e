import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  getOperationAST,
  getVariableValues,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { LRUCache } from 'lru-cache';
import { type Parts, compileFields, compileRow, openRow } from './fields.ts';
import { type Holder, Run, type Variables } from './run.ts';

/** What a subgraph is asked. */
export interface Asked {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

/** An answer before its errors are presented; without data where nothing was executed. */
interface Answer {
  data?: Record<string, unknown> | null;
  errors?: GraphQLError[];
}

/** Executes operations on a schema: each is read, checked and compiled once. */
export type Execute = (asked: Asked, contextValue: unknown) => Promise<Answer>;

/** What a compiled operation holds for each character of its document, measured. */
const bytesPerCharacter = 80;

/**
 * Opens the way to execute operations by the rules of GraphQL, as graphql-js does. An error within what
 * is null already is not told, and an answer comes when nothing of it is under way any more.
 *
 * @param keptBytes how much compiled operations may hold; the one not asked for longest goes first
 */
export function openExecution(schema: GraphQLSchema, keptBytes: number): Execute {
  const kept = new LRUCache<string, Compiled>({ maxSize: keptBytes });
  return async ({ query, operationName, variables }, contextValue) => {
    const key = `${operationName ?? ''}\n${query}`;
    let compiled = kept.get(key);
    if (!compiled) {
      const read = readOperation(schema, query, operationName);
      if ('errors' in read) return read;
      compiled = compile(schema, read.document, read.operation);
      kept.set(key, compiled, { size: key.length * bytesPerCharacter });
    }
    return compiled(variables ?? {}, contextValue);
  };
}

/** A valid document and its operation, or what is wrong with it. */
function readOperation(
  schema: GraphQLSchema,
  query: string,
  operationName: Asked['operationName'],
): { document: DocumentNode; operation: OperationDefinitionNode } | { errors: GraphQLError[] } {
  let document: DocumentNode;
  try {
    document = parse(query, { noLocation: true });
  } catch (error) {
    return { errors: [withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')] };
  }
  const errors = validate(schema, document, rules);
  if (errors.length > 0) {
    return { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
  }
  const operation = getOperationAST(document, operationName || null);
  // Events of a stream are asked for in another way.
  if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) {
    const error = new GraphQLError('The document has no such operation to execute.');
    return { errors: [withCode(error, 'OPERATION_RESOLUTION_FAILURE')] };
  }
  return { document, operation };
}

const rules = [...specifiedRules, NoSchemaIntrospectionCustomRule];

function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] ??= code;
  return error;
}

type Compiled = (variables: Variables, contextValue: unknown) => Promise<Answer>;

/** Sets of conditions whose fields are kept, of one operation: with eight variables there are 256. */
const plansMax = 16;

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Compiled {
  const names = conditionsOf(document);
  const fragments = fragmentsOf(document);
  const plans = new Map<string, Plan>();
  const planFor = (variables: Variables): Plan => {
    const key = names.map((name) => variables[name]).join();
    let plan = plans.get(key);
    if (!plan) {
      const conditions = Object.fromEntries(names.map((name) => [name, variables[name]]));
      plan = compilePlan({ schema, operation, fragments, conditions });
      if (plans.size === plansMax) plans.clear();
      plans.set(key, plan);
    }
    return plan;
  };
  const definitions = operation.variableDefinitions ?? [];
  return async (given, contextValue) => {
    const { coerced, errors } = getVariableValues(schema, definitions, given, { maxErrors: 50 });
    if (!coerced) return { errors: errors!.map((error) => withCode(error, 'BAD_USER_INPUT')) };
    let plan: Plan;
    try {
      plan = planFor(coerced);
    } catch (error) {
      // A condition that is null.
      return { errors: [error as GraphQLError], data: null };
    }
    const run = new Run(plan.open(), contextValue, coerced);
    await plan.execute(run);
    return { ...(run.errors.length > 0 && { errors: run.errors }), data: run.data };
  };
}

/** What is done for one set of conditions. */
interface Plan {
  open: () => Holder;
  execute: (run: Run) => Promise<void> | undefined;
}

function compilePlan(parts: Parts): Plan {
  const { schema, operation, fragments, conditions } = parts;
  const type = schema.getRootType(operation.operation)!;
  const selected = collectFields(schema, fragments, conditions, type, operation.selectionSet);
  const open = openRow(selected);
  if (operation.operation !== OperationTypeNode.MUTATION) {
    const write = compileRow(parts, type, selected);
    return {
      open,
      execute(run) {
        write(run, undefined, run.data!, undefined);
        return run.idle();
      },
    };
  }
  const fields = compileFields(parts, type, selected);
  return {
    open,
    async execute(run) {
      for (const write of fields) {
        if (!run.data) return;
        write(run, undefined, run.data, undefined);
        await run.idle();
      }
    },
  };
}

/** The variables that decide what is selected. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given ?? []) {
        if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
    },
  });
  return [...names];
}

function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
