import type { Logger } from 'pino';
import type { Viewer } from '../platform/viewer.ts';
import type { GatewayMetrics } from './metrics.ts';

/** What one operation carries through the gateway. */
export interface GatewayContext {
  viewer: Viewer;
  /** Made by the gateway or taken from the client; travels on every hop. */
  requestId: string;
  /** Carries the request's id. */
  log: Logger;
  metrics: GatewayMetrics;
  /** The instant of `performance.now()` after which no subgraph is asked. */
  deadline: number;
  /** How long one call of a subgraph may take, where that is not `limits.subgraphCallMs`. */
  callMs?: number;
  /** Whether the client asks what its operation costs. */
  tellsCost?: boolean;
  /** Ends what is asked of subgraphs, when nobody waits for the answer any more. */
  gone?: AbortSignal;
  /** Counts mutations against the caller's rate. @throws GraphQLError RATE_LIMITED */
  countMutations(mutations: number): Promise<void>;
}
