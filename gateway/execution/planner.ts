import { type Schema, Supergraph, operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';

/** A supergraph that operations are planned on. */
export interface Plannable {
  /** What clients see of it. */
  schema: GraphQLSchema;
  /** All of it. */
  supergraph: GraphQLSchema;
  /** @throws GraphQLError where a valid document is too much to plan */
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan;
}

/** Plans that are compared for one operation: 10,000 by default, which takes seconds. */
const maxEvaluatedPlans = 100;

/** Reads a composed schema as Apollo's gateway does, and plans as it does. */
export function openPlanner(supergraphSdl: string): Plannable {
  // Composition has checked it; again would be a third of the start.
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  const apiSchema: Schema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, { debug: { maxEvaluatedPlans } });
  return {
    schema: apiSchema.toGraphQLJSSchema(),
    supergraph: supergraph.schema.toGraphQLJSSchema(),
    plan: (document, operationName) =>
      planner.buildQueryPlan(
        operationFromDocument(apiSchema, document, {
          validate: false,
          ...(operationName !== undefined && { operationName }),
        }),
      ),
  };
}
