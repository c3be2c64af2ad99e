import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { ApolloGateway } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
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
import type { HopResult } from '../../gateway/data-source.ts';
import { openOperations } from '../../gateway/execution/operations.ts';
import { openPlanner } from '../../gateway/execution/planner.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { anonymous } from '../../platform/viewer.ts';

/** A row that every subgraph finds by its keys, and that the whole schema reads directly. */
export interface Row {
  __typename: string;
  [field: string]: unknown;
}

type Resolver = GraphQLFieldResolver<never, unknown, never>;

/** Subgraphs over one set of rows: each shows of them what its SDL says. */
export interface World {
  subgraphs: Record<string, string>;
  rows?: Row[];
  /** By type and field; fields that have none are read from the row. */
  resolvers?: Record<string, Record<string, Resolver>>;
}

/** What was asked of a subgraph. */
export interface Hop {
  subgraph: string;
  query: string;
  variables: { representations?: Row[]; [name: string]: unknown };
}

interface Answer {
  data?: unknown;
  errors?: { message: string; path?: readonly (string | number)[] }[];
}

type AskHop = (hop: Hop) => Promise<HopResult | null>;
type Ask = (document: string, variables?: Record<string, unknown>) => Promise<Answer>;

/** One world, asked in three ways. */
export interface Federation {
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

const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
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
  const schemas = new Map(documents.map((each) => [each.name, subgraphOf(each.typeDefs, world)]));
  const graph: Federation = {
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
      variableValues: hop.variables,
    });
    return asJson(result) as HopResult;
  };
  const schema = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  graph.whole = wholeOf(schema, world);
  graph.own = ownOf(schema, supergraphSdl, ask);
  graph.stock = stockOf(supergraphSdl, ask);
  return graph;
}

function ownOf(schema: GraphQLSchema, supergraphSdl: string, ask: AskHop): Ask {
  const supergraph = buildASTSchema(parse(supergraphSdl), { assumeValidSDL: true });
  const wayTo = (subgraph: string) => (body: string) =>
    ask({ subgraph, ...(JSON.parse(body) as Omit<Hop, 'subgraph'>) });
  const parts = { schema, supergraph, wayTo };
  const operations = openOperations(openPlanner(supergraphSdl), parts, 1_000_000);
  return async (source, variables = {}) => {
    const prepared = await operations.prepare(source, undefined, parse(source));
    const { data, errors, flaws } = await prepared.execute(variables, context);
    return {
      data: JSON.parse(data),
      ...(errors.length > 0 && { errors: errors.map(placeAndMessage) }),
      ...(flaws.length > 0 && { flaws: flaws.map(placeAndMessage) }),
    };
  };
}

function stockOf(supergraphSdl: string, ask: AskHop): Ask {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  const gateway = new ApolloGateway({
    supergraphSdl,
    validateSupergraph: false,
    logger: silent,
    buildService: ({ name }) => ({
      async process({ request: { query, variables } }) {
        const hop = { subgraph: name, query: query!, variables: variables as Hop['variables'] };
        const answer = await ask(asJson(hop) as Hop);
        return (answer ?? { errors: [{ message: 'unavailable' }] }) as object;
      },
    }),
  });
  const loaded = gateway.load();
  return async (source, variables = {}) => {
    const { executor } = await loaded;
    const { data, errors, extensions } = await executor({
      request: { query: source, variables },
      document: parse(source),
      source,
      queryHash: source,
      context: {},
      logger: silent,
      metrics: {},
    } as never);
    const flaws = (extensions?.['valueCompletion'] ?? []) as NonNullable<Answer['errors']>;
    return asJson({
      data,
      ...(errors && { errors: errors.map(placeAndMessage) }),
      ...(flaws.length > 0 && { flaws: flaws.map(placeAndMessage) }),
    }) as Answer;
  };
}

/** The composed schema, with every resolver on the rows themselves. */
function wholeOf(schema: GraphQLSchema, world: World): Ask {
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
    const invalid = validate(schema, document);
    if (invalid.length > 0) throw invalid[0]!;
    const result = await execute({ schema, document, variableValues: variables });
    const { data, errors } = asJson(result) as Answer;
    return { data, ...(errors && { errors: errors.map(placeAndMessage) }) };
  };
}

/** A subgraph that finds its entities among the rows, by all that a representation says of them. */
function subgraphOf(typeDefs: DocumentNode, { rows = [], resolvers = {} }: World): GraphQLSchema {
  const plain = buildSubgraphSchema(typeDefs);
  const own: Record<string, object> = {};
  for (const [name, type] of Object.entries(plain.getTypeMap())) {
    if (!(isObjectType(type) || isInterfaceType(type)) || name.startsWith('_')) continue;
    const fields = Object.entries(resolvers[name] ?? {}).filter(([each]) => type.getFields()[each]);
    own[name] = {
      ...Object.fromEntries(fields),
      ...(!['Query', 'Mutation'].includes(name) && {
        __resolveReference({ __typename, ...reference }: Row) {
          const row = rows.find((each) => isRowOf(each, reference));
          return row ? { ...row, ...reference } : null;
        },
      }),
    };
  }
  return buildSubgraphSchema({ typeDefs, resolvers: own as never });
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
