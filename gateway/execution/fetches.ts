import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError, type GraphQLSchema, Kind, type SelectionSetNode, parse } from 'graphql';
import { type HopResult, type SendHop, unavailable } from '../data-source.ts';
import { fieldsRequiredIn } from './field-sets.ts';
import { failuresAt } from './failures.ts';
import { type Place, knownPath, pathsOf } from './places.ts';
import { compileRepresentation } from './representations.ts';
import { applyRewrites, rewritePath } from './rewrites.ts';
import { type Run, type Step, type Variables, addError, given } from './run.ts';
import { type Tree, isTree, mergeInto } from './trees.ts';

/** What fetches are compiled with. */
export interface FetchParts {
  /** The whole supergraph: subgraphs also speak of what clients do not see. */
  supergraph: GraphQLSchema;
  /** The way to a subgraph. */
  wayTo: (subgraph: string) => SendHop;
}

/** Compiles a plan's fetch: it asks one subgraph, and merges the answer into what is there. */
export function compileFetch(node: FetchNode, parts: FetchParts): Step {
  if (node.contextRewrites?.length) throw new Error('There is no @fromContext here.');
  return node.requires ? compileEntityFetch(node, parts) : compileRootFetch(node, parts);
}

/** Writes the body of a request, all but the variables once for all. */
export function compileBody(node: FetchNode): (variables: Variables, entities?: string) => string {
  const { operation: query, operationName, variableUsages = [] } = node;
  const head = `${JSON.stringify({ query, operationName }).slice(0, -1)},"variables":{`;
  const names = variableUsages.map((name) => ({ name, text: `${JSON.stringify(name)}:` }));
  return (variables, entities) => {
    let text = entities === undefined ? '' : `"representations":[${entities}]`;
    for (const { name, text: start } of names) {
      const value = given(variables, name);
      if (value !== undefined) text += `${text ? ',' : ''}${start}${JSON.stringify(value)}`;
    }
    return `${head}${text}}}`;
  };
}

function compileRootFetch(node: FetchNode, { supergraph, wayTo }: FetchParts): Step {
  const send = wayTo(node.serviceName);
  const bodyOf = compileBody(node);
  const rewrites = node.outputRewrites ?? [];
  const names = rootNames(node).map((name) => rewritePath(rewrites, [name]));
  return async (run, place) => {
    const answer = await send(bodyOf(run.variables), run.context);
    const start = knownPath(place);
    if (!answer) {
      for (const path of names) addError(run, unavailable, [...start, ...path]);
      return;
    }
    for (const error of answer.errors ?? []) {
      addError(run, error, [...start, ...rewritePath(rewrites, error.path ?? [])]);
    }
    if (!answer.data) return;
    run.isPlain &&= answer.isPlain === true;
    applyRewrites(supergraph, rewrites, answer.data);
    for (const tree of place.found) mergeInto(tree, answer.data);
  };
}

const nothing: ReadonlySet<string> = new Set();

function compileEntityFetch(node: FetchNode, parts: FetchParts): Step {
  if (node.variableUsages?.includes('representations')) {
    throw new GraphQLError('A variable of this operation cannot be named "representations".', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  }
  const send = parts.wayTo(node.serviceName);
  const bodyOf = compileBody(node);
  const { supergraph } = parts;
  // What is required is not there where nothing that requires it is asked for.
  const isConditional = /@(?:include|skip)\(/.test(node.operation);
  const lacking = (type: string) =>
    isConditional ? fieldsRequiredIn(supergraph, node.serviceName, type) : nothing;
  const write = compileRepresentation(
    supergraph,
    node.requires!,
    node.inputRewrites ?? [],
    lacking,
  );
  const merge = compileEntityMerge(node, parts);
  const rewrites = node.outputRewrites ?? [];
  return (run, place) => {
    // The entities by their representations: one that stands at several places is asked for once.
    const wanted = new Map<string, Tree[]>();
    const hasFailed = failuresAt(run, place);
    for (const entity of place.found) {
      const text = write(entity, hasFailed);
      if (text === null) run.lacking.add(entity);
      if (!text) continue;
      const same = wanted.get(text);
      if (same) same.push(entity);
      else wanted.set(text, [entity]);
    }
    if (wanted.size === 0) return undefined;
    const entities = [...wanted.values()];
    const body = bodyOf(run.variables, [...wanted.keys()].join(','));
    return send(body, run.context, entities.length).then((answer) => {
      const received = receivedOf(answer);
      placeErrors(answer, { run, place, entities, rewrites });
      if (received === null) return;
      run.isPlain &&= answer?.isPlain === true;
      if (received.length !== entities.length) {
        run.context.log.warn({ subgraph: node.serviceName }, 'subgraph answers other entities');
        addError(run, unavailable, knownPath(place));
        return;
      }
      for (const [index, tree] of received.entries()) {
        if (isTree(tree)) merge(entities[index]!, tree);
        else for (const entity of entities[index]!) run.lacking.add(entity);
      }
    });
  };
}

/** The entities that a subgraph has answered; null where it has not. */
function receivedOf(answer: HopResult | null): unknown[] | null {
  if (!answer?.data) return null;
  const received = answer.data['_entities'];
  return Array.isArray(received) ? received : [];
}

function compileEntityMerge(
  { inputRewrites = [], outputRewrites = [] }: FetchNode,
  { supergraph }: FetchParts,
): (entities: readonly Tree[], received: Tree) => void {
  // To a subgraph that has an interface as an object all its objects are of that type.
  const abstract = new Set(
    inputRewrites.flatMap((each) =>
      each.kind === 'ValueSetter' && each.path.at(-1) === '__typename' ? [each.setValueTo] : [],
    ),
  );
  return (entities, received) => {
    if (abstract.has(received['__typename'])) delete received['__typename'];
    if (outputRewrites.length > 0) applyRewrites(supergraph, outputRewrites, received);
    for (const entity of entities) mergeInto(entity, received);
  };
}

interface Asked {
  run: Run;
  place: Place;
  /** The entities of each representation. */
  entities: readonly (readonly Tree[])[];
  rewrites: NonNullable<FetchNode['outputRewrites']>;
}

/** Puts a subgraph's errors where the client sees the entities that they are of. */
function placeErrors(answer: HopResult | null, asked: Asked): void {
  const { run, place, entities, rewrites } = asked;
  if (!answer) addError(run, unavailable, knownPath(place));
  if (!answer?.errors) return;
  const paths = pathsOf(run.data, place.path);
  for (const error of answer.errors) {
    const [root, index, ...rest] = error.path ?? [];
    const at = root === '_entities' && typeof index === 'number' ? entities[index] : undefined;
    const places = new Set(at?.flatMap((entity) => paths.get(entity) ?? []));
    for (const start of places) addError(run, error, [...start, ...rewritePath(rewrites, rest)]);
    if (places.size === 0) addError(run, error, knownPath(place));
  }
}

/** The names that the root fields have in the answer. */
function rootNames({ operation }: FetchNode): string[] {
  const { definitions } = parse(operation, { noLocation: true });
  const namesOf = ({ selections }: SelectionSetNode): string[] =>
    selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return [(node.alias ?? node.name).value];
      if (node.kind === Kind.INLINE_FRAGMENT) return namesOf(node.selectionSet);
      return definitions.flatMap((each) =>
        each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === node.name.value
          ? namesOf(each.selectionSet)
          : [],
      );
    });
  return definitions.flatMap((each) =>
    each.kind === Kind.OPERATION_DEFINITION ? namesOf(each.selectionSet) : [],
  );
}
