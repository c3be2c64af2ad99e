import { type GraphQLSchema, buildASTSchema, isScalarType, parse } from 'graphql';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Config, SubgraphName } from '../../platform/config.ts';
import type { Audience } from '../../platform/contract.generated.ts';
import { scalars } from '../../platform/scalars.ts';
import type { AnswerKeeping } from '../answers/keeping.ts';
import { type AudienceGraphs, graphsOf } from '../audiences.ts';
import { type SendHop, openWay } from '../data-source.ts';
import { type Operations, openOperations } from '../execution/operations.ts';
import type { Planner, Wanted } from '../execution/planner.ts';
import { openPlanning } from '../execution/planning.ts';
import { type GatewayMetrics, timed } from '../metrics.ts';
import type { SubgraphClient } from '../subgraph-client.ts';
import { loadApi } from './loading.ts';

/** A composed schema and all that was made of it: an operation is checked, planned and run on one. */
export interface Supergraph {
  readonly sdl: string;
  /** The SHA-256 of its text. */
  readonly hash: string;
  /** What clients see of it. */
  readonly schema: GraphQLSchema;
  /** What each audience is shown of that. */
  readonly graphs: AudienceGraphs;
  readonly operations: Operations;
  readonly planner: Planner;
}

/** Opens a supergraph. @throws where it cannot be served: the message says why */
export type OpenSupergraph = (sdl: string) => Promise<Supergraph>;

interface Parts {
  config: Config;
  /** The ways to the subgraphs that there may be. */
  clients: Readonly<Record<SubgraphName, SubgraphClient>>;
  metrics: GatewayMetrics;
  answers: Pick<AnswerKeeping, 'keepingAnswers'>;
}

/** What supergraphs are opened with. Their subgraphs need not run. */
export function supergraphOpener({ config, clients, metrics, answers }: Parts): OpenSupergraph {
  const ways = new Map<string, SendHop>(
    Object.entries(clients).map(([name, client]) => [
      name,
      openWay(name as SubgraphName, client, config),
    ]),
  );
  // One that names another is not loaded.
  const wayTo = (name: string): SendHop => ways.get(name)!;
  let isServing = false;
  return async (sdl) => {
    const schema = await loadApi({ sdl, subgraphs: [...ways.keys()] }, isServing, config.limits);
    isServing = true;
    teachScalars(schema);
    // Each step stops the others for a moment: requests come in between.
    await setImmediate();
    const supergraph = buildASTSchema(parse(sdl), { assumeValidSDL: true });
    await setImmediate();
    const graphs: Partial<Record<Audience, GraphQLSchema>> = {};
    for (const [audience, graph] of graphsOf(sdl)) {
      graphs[audience] = graph;
      await setImmediate();
    }
    const planning = openPlanning(sdl, config.limits);
    const plan = timed(metrics.planning, (wanted: Wanted) => planning.plan(wanted));
    const planner = { ...planning, plan };
    const parts = { schema, supergraph, wayTo };
    const plain = openOperations(planner, parts, config.limits.preparedBytes);
    const operations = answers.keepingAnswers(plain, supergraph, sdl);
    return {
      sdl,
      hash: hashOf(sdl),
      schema,
      graphs: graphs as AudienceGraphs,
      operations,
      planner,
    };
  };
}

/** What a supergraph is known by: that of its file, as `sha256sum` prints it. */
export function hashOf(sdl: string): string {
  return createHash('sha256').update(sdl).digest('hex');
}

/**
 * A supergraph has only the names of its scalars: with this, a wrong value is refused at the door.
 * Subgraphs still get values as the client wrote them.
 */
function teachScalars(schema: GraphQLSchema): void {
  for (const [name, scalar] of Object.entries(scalars)) {
    const type = schema.getType(name);
    if (!isScalarType(type)) continue;
    type.parseValue = (value) => placed(() => scalar.parseValue(value));
    type.parseLiteral = (node, variables) => placed(() => scalar.parseLiteral(node, variables));
  }
}

/** graphql-js adds the place and the code to any error but its own. */
function placed<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new TypeError((error as Error).message);
  }
}
