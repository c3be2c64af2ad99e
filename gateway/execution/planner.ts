import { Supergraph, operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { type GraphQLSchema, parse } from 'graphql';

/** An operation of a valid document. */
export interface Wanted {
  source: string;
  operationName: string | undefined;
}

/** A supergraph that operations are planned on. */
export interface Planner {
  /** What clients see of it. */
  readonly schema: GraphQLSchema;
  /** All of it. */
  readonly supergraph: GraphQLSchema;
  /** @throws GraphQLError where it is too much to plan */
  plan(wanted: Wanted): Promise<QueryPlan>;
  close(): Promise<void>;
}

/** Reads a composed schema as Apollo's gateway does. */
export function readSupergraph(supergraphSdl: string) {
  // Composition has checked it; again would be a third of the start.
  const source = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  const apiSchema = source.apiSchema();
  return {
    source,
    apiSchema,
    schema: apiSchema.toGraphQLJSSchema(),
    supergraph: source.schema.toGraphQLJSSchema(),
  };
}

/** Plans that are compared for one operation: 10,000 by default, which takes seconds. */
const maxEvaluatedPlans = 100;

/** Opens what plans as Apollo's gateway does. */
export function openPlans({
  source,
  apiSchema,
}: Pick<ReturnType<typeof readSupergraph>, 'source' | 'apiSchema'>): (wanted: Wanted) => QueryPlan {
  const planner = new QueryPlanner(source, { debug: { maxEvaluatedPlans } });
  return ({ source: text, operationName }) =>
    planner.buildQueryPlan(
      operationFromDocument(apiSchema, parse(text), {
        validate: false,
        ...(operationName !== undefined && { operationName }),
      }),
    );
}

/** Plans in place: nothing else happens meanwhile. */
export function openPlanner(supergraphSdl: string): Planner {
  const read = readSupergraph(supergraphSdl);
  const plan = openPlans(read);
  return {
    schema: read.schema,
    supergraph: read.supergraph,
    plan: async (wanted) => plan(wanted),
    close: () => Promise.resolve(),
  };
}
