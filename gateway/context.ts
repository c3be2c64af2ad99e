import type { Span } from '../platform/tracing.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { EndSignal } from './ending.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { RequestLog } from './request-log.ts';

/** What a request is known by. */
export interface Asking {
  /** Made by the gateway or taken from the client; travels on every hop. */
  id: string;
  /** What is told of it, where it is traced. */
  span?: Span | undefined;
}

/** What one operation carries through the gateway. */
export interface GatewayContext {
  viewer: Viewer;
  /** Made by the gateway or taken from the client; travels on every hop. */
  requestId: string;
  /** What is told of it, where it is traced. */
  span?: Span | undefined;
  /** Carries the request's id, and its trace's. */
  log: RequestLog;
  metrics: GatewayMetrics;
  /** The instant of `performance.now()` after which no subgraph is asked. */
  deadline: number;
  /** How long one call of a subgraph may take, where that is not `limits.subgraphCallMs`. */
  callMs?: number;
  /** Whether the client asks what its operation costs. */
  tellsCost?: boolean;
  /** How long the answer may be kept by anybody; undefined where it may not. */
  keptForMs?: number;
  /** Ends what is asked of subgraphs, when nobody waits for the answer any more. */
  gone?: EndSignal;
  /** Counts mutations against the caller's rate. @throws GraphQLError RATE_LIMITED */
  countMutations(mutations: number): Promise<void>;
}
