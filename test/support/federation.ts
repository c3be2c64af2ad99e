import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  type ValidationRule,
  buildASTSchema,
  execute,
  isInterfaceType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { GatewayContext } from '../../gateway/context.ts';
import type { HopResult, SendHop } from '../../gateway/data-source.ts';
import { type Operations, openOperations } from '../../gateway/execution/operations.ts';
import { type Planner, openPlanner } from '../../gateway/execution/planner.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { anonymous } from '../../platform/viewer.ts';

/** A row that every subgraph finds by its keys, and that the whole schema reads directly. */
export interface Row {
  __typename: string;
  [field: string]: unknown;
}

type Resolver = GraphQLFieldResolver<never, unknown, never>;

/** What all subgraphs know. */
export interface Rows {
  rows?: Row[];
  /** By type and field; fields that have none are read from the row. */
  resolvers?: Record<string, Record<string, Resolver>>;
  /** What fields of the root types are read from that have no resolver. */
  root?: object;
  /** What a document is checked by before one schema executes it; all rules where left out. */
  rules?: readonly ValidationRule[];
}

/** Subgraphs over one set of rows: each shows of them what its SDL says. */
export interface World extends Rows {
  subgraphs: Record<string, string>;
}

/** What was asked of a subgraph. */
export interface Hop {
  subgraph: string;
  query: string;
  variables: { representations?: Row[]; [name: string]: unknown };
}

export interface Answer {
  data?: unknown;
  errors?: { message: string; path?: readonly (string | number)[] }[];
}

type AskHop = (hop: Hop) => Promise<HopResult | null>;
type Ask = (document: string, variables?: Record<string, unknown>) => Promise<Answer>;

/** One world, asked in three ways. */
export interface Federation {
  /** What clients see of it. */
  schema: GraphQLSchema;
  /** This gateway's executor. */
  own: Ask;
  /** Apollo's executor of the same plans. */
  stock: Ask;
  /** graphql-js on one schema: what the composed graph promises. */
  whole: Ask;
  /** What the executors asked of subgraphs since it was last emptied. */
  hops: Hop[];
  /** Instead of what a subgraph would answer; undefined for its own answer. */
  interrupt: (hop: Hop) => HopResult | null | undefined | Promise<HopResult | null>;
}

export const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible",
  "@interfaceObject"])`;

export function federate(world: World): Federation {
  const documents = Object.entries(world.subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://${name}.internal`,
    typeDefs: parse(`${federation} ${sdl}`),
  }));
  const { supergraphSdl, errors } = composeServices(documents);
  if (!supergraphSdl) throw new Error(errors?.join('\n'));
  return openFederation(supergraphSdl, documents, world);
}

/** The same, of subgraphs that are composed already. */
export function openFederation(
  supergraphSdl: string,
  subgraphs: readonly { name: string; typeDefs: DocumentNode }[],
  world: Rows,
): Federation {
  const schemas = new Map(subgraphs.map((each) => [each.name, subgraphOf(each.typeDefs, world)]));
  const composed = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  const schema = composed.apiSchema().toGraphQLJSSchema();
  const graph: Federation = {
    schema,
    hops: [],
    interrupt: () => undefined,
    own: () => Promise.reject(new Error('not open')),
    stock: () => Promise.reject(new Error('not open')),
    whole: () => Promise.reject(new Error('not open')),
  };
  const ask = async (hop: Hop): Promise<HopResult | null> => {
    graph.hops.push(hop);
    const instead = graph.interrupt(hop);
    if (instead !== undefined) return instead;
    const result = await execute({
      schema: schemas.get(hop.subgraph)!,
      document: parse(hop.query),
      rootValue: world.root,
      variableValues: hop.variables,
    });
    return asJson(result) as HopResult;
  };
  const planner = planningOnce(openPlanner(supergraphSdl));
  graph.whole = wholeOf(schema, world);
  graph.own = ownOf(graph, supergraphSdl, planner, ask);
  graph.stock = stockOf(graph, composed, planner, schemas.keys(), ask);
  return graph;
}

/** Both executors run one plan. */
function planningOnce(planner: Planner): Planner {
  let last: { source: string; plan: ReturnType<Planner['plan']> } | undefined;
  return {
    ...planner,
    plan(wanted) {
      if (last?.source !== wanted.source) {
        last = { source: wanted.source, plan: planner.plan(wanted) };
      }
      return last.plan;
    },
  };
}

/**
 * Asks twice: with code that is generated for each object, and without any. The second time subgraphs
 * answer as they did before, and no answer is said to be plain.
 */
function ownOf({ schema }: Federation, supergraphSdl: string, planner: Planner, ask: AskHop): Ask {
  const supergraph = buildASTSchema(parse(supergraphSdl), { assumeValidSDL: true });
  let answers: { subgraph: string; body: string; text: string }[] = [];
  const first = (subgraph: string) => async (body: string) => {
    const answer = await ask({ subgraph, ...(JSON.parse(body) as Omit<Hop, 'subgraph'>) });
    const text = JSON.stringify(answer);
    answers.push({ subgraph, body, text });
    return answer && { ...(JSON.parse(text) as HopResult), isPlain: !text.includes('\\') };
  };
  const again = (subgraph: string) => async (body: string) => {
    const place = answers.findIndex((each) => each.subgraph === subgraph && each.body === body);
    const [answer] = answers.splice(place, 1);
    return JSON.parse(answer!.text) as HopResult | null;
  };
  const open = (wayTo: (subgraph: string) => SendHop, generateAfter: number) =>
    openOperations(planner, { schema, supergraph, wayTo, generateAfter }, 1_000_000);
  const [generating, plain] = [open(first, 0), open(again, Infinity)];
  return async (source, variables = {}) => {
    const asked = async (operations: Operations) => {
      const prepared = await operations.prepare(source, undefined, parse(source));
      return prepared.execute(variables, context);
    };
    answers = [];
    const executed = await asked(generating);
    expect(await asked(plain)).toEqual(executed);
    const { data, errors, flaws } = executed;
    return {
      data: JSON.parse(data.join('')),
      ...(errors.length > 0 && { errors: errors.map(placeAndMessage) }),
      ...(flaws.length > 0 && { flaws: flaws.map(placeAndMessage) }),
    };
  };
}

function stockOf(
  { schema }: Federation,
  composed: Supergraph,
  planner: Planner,
  subgraphs: Iterable<string>,
  ask: AskHop,
): Ask {
  const wayTo = (subgraph: string) => ({
    async process({
      request: { query, variables },
    }: {
      request: { query?: string; variables?: object };
    }) {
      const answer = await ask(asJson({ subgraph, query, variables }) as Hop);
      return (answer ?? { errors: [{ message: 'unavailable' }] }) as object;
    },
  });
  const supergraph = composed.schema.toGraphQLJSSchema();
  const apiSchema = composed.apiSchema();
  const ways = Object.fromEntries([...subgraphs].map((name) => [name, wayTo(name)]));
  return async (source, variables = {}) => {
    const document = parse(source);
    const { data, errors, extensions } = await executeQueryPlan(
      await planner.plan({ source, operationName: undefined }),
      ways,
      {
        request: { query: source, variables },
        document,
        context: {},
        logger: silent,
        metrics: {},
      } as never,
      buildOperationContext({ schema, operationDocument: document, operationName: '' }),
      supergraph,
      apiSchema,
    );
    const flaws = (extensions?.['valueCompletion'] ?? []) as NonNullable<Answer['errors']>;
    return asJson({
      data,
      ...(errors && { errors: errors.map(placeAndMessage) }),
      ...(flaws.length > 0 && { flaws: flaws.map(placeAndMessage) }),
    }) as Answer;
  };
}

/** The composed schema, with every resolver on the rows themselves. */
function wholeOf(schema: GraphQLSchema, world: Rows): Ask {
  // The other executors read no resolvers.
  for (const [name, fields] of Object.entries(world.resolvers ?? {})) {
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    for (const [field, resolve] of Object.entries(fields)) {
      const defined = type.getFields()[field];
      if (defined) defined.resolve = resolve as never;
    }
  }
  return async (source, variables = {}) => {
    const document = parse(source);
    const invalid = validate(schema, document, world.rules);
    if (invalid.length > 0) throw invalid[0]!;
    const result = await execute({
      schema,
      document,
      rootValue: world.root,
      variableValues: variables,
    });
    const { data, errors } = asJson(result) as Answer;
    return { data, ...(errors && { errors: errors.map(placeAndMessage) }) };
  };
}

/** A subgraph that finds its entities among the rows, by all that a representation says of them. */
function subgraphOf(typeDefs: DocumentNode, { rows = [], resolvers = {} }: Rows): GraphQLSchema {
  const plain = buildSubgraphSchema(typeDefs);
  const own: Record<string, object> = {};
  for (const [name, type] of Object.entries(plain.getTypeMap())) {
    if (!(isObjectType(type) || isInterfaceType(type)) || name.startsWith('_')) continue;
    const fields = Object.entries(resolvers[name] ?? {}).filter(([each]) => type.getFields()[each]);
    own[name] = {
      ...Object.fromEntries(fields),
      ...(!['Query', 'Mutation'].includes(name) && {
        __resolveReference({ __typename, ...reference }: Row) {
          const own = rows.filter((each) => each.__typename === __typename);
          // An interface's name stands for all that implement it.
          const row = (own.length > 0 ? own : rows).find((each) => isRowOf(each, reference));
          return row ? withReference(row, reference) : null;
        },
      }),
    };
  }
  return buildSubgraphSchema({ typeDefs, resolvers: own as never });
}

/** A row with what the representation says of it, as that says it. */
function withReference(row: object, reference: object): object {
  const told = Object.entries(reference).map(([name, value]: [string, unknown]) => {
    const known = (row as Record<string, unknown>)[name];
    return [name, isObject(known) && isObject(value) ? withReference(known, value) : value];
  });
  return { ...row, ...(Object.fromEntries(told) as object) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a row has the values of a reference, as far as both have any of a field. */
function isRowOf(row: object, reference: object): boolean {
  return Object.entries(reference).every(([name, wanted]: [string, unknown]) => {
    const value = (row as Record<string, unknown>)[name];
    if (value === undefined || typeof value === 'function') return true;
    if (typeof wanted !== 'object' || wanted === null) return value === wanted;
    return typeof value !== 'object' || value === null || isRowOf(value, wanted);
  });
}

function placeAndMessage({ message, path }: { message: string; path?: Path | undefined }) {
  return { message, ...(path && { path }) };
}

type Path = readonly (string | number)[];

function asJson(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

const silent = pino({ level: 'silent' });

const context: GatewayContext = {
  viewer: anonymous,
  requestId: 'test',
  log: silent,
  deadline: Infinity,
  metrics: gatewayMetrics(new Registry()),
  countMutations: () => Promise.resolve(),
};
