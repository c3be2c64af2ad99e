import { Supergraph, operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';

/** An operation of a valid document. */
export interface Wanted {
  source: string;
  operationName: string | undefined;
}

export interface Planner {
  /** @throws GraphQLError where it is too much to plan */
  plan(wanted: Wanted): Promise<QueryPlan>;
  /** Lets go of what it plans with, once nobody waits for a plan. Who asks later still gets one. */
  retire(): void;
  close(): Promise<void>;
}

/** Plans that are compared for one operation: 10,000 by default, which takes seconds. */
const maxEvaluatedPlans = 100;

/** Opens what plans on a composed schema, as Apollo's gateway does. */
export function openPlans(supergraphSdl: string): (wanted: Wanted) => QueryPlan {
  // Composition has checked it; again would be a third of the start.
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  const schema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, { debug: { maxEvaluatedPlans } });
  return ({ source, operationName }) =>
    planner.buildQueryPlan(
      operationFromDocument(schema, parse(source), {
        validate: false,
        ...(operationName !== undefined && { operationName }),
      }),
    );
}

/** What plans on the supergraph that was opened last: tests open one again and again. */
let last: { supergraphSdl: string; plan: ReturnType<typeof openPlans> } | undefined;

/** Plans in place: nothing else happens meanwhile. */
export function openPlanner(supergraphSdl: string): Planner {
  if (last?.supergraphSdl !== supergraphSdl) {
    last = { supergraphSdl, plan: openPlans(supergraphSdl) };
  }
  const { plan } = last;
  return {
    plan: async (wanted) => plan(wanted),
    retire: () => undefined,
    close: () => Promise.resolve(),
  };
}
