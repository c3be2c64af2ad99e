import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { Config } from './config.ts';

/** The measures of this process. Their labels have few values, none of them a caller's. */
export type Metrics = Registry;

/** Opens the measures of a process, with those of the process itself: its memory, its event loop's delay. */
export function openMetrics(): Metrics {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return metrics;
}

/** Declares measures once for each process: parts that run in one share them. */
export function measures<Declared extends object>(
  declare: (registers: Metrics[]) => Declared,
): (metrics: Metrics) => Declared {
  const declared = new WeakMap<Metrics, Declared>();
  return (metrics) => {
    let known = declared.get(metrics);
    if (!known) {
      known = declare([metrics]);
      declared.set(metrics, known);
    }
    return known;
  };
}

/** Upper ends of durations, in seconds: from what memory answers to the longest that anything may take. */
export const durationBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30,
];

/** What is collected: of this process, or of several. */
export type CollectedMetrics = Pick<Metrics, 'contentType' | 'metrics'>;

/** What answers whoever collects measures. */
export interface MetricsServer {
  url: string;
  close(): Promise<void>;
}

/** How long a collector may take to ask, and connections of collectors. */
const arrivalMs = 5_000;
const connectionsMax = 10;

/**
 * Answers `GET /metrics` on a port of its own, which no client of the graph reaches; null where there
 * is no `METRICS_PORT`. It answers while the parts are overloaded or drain.
 */
export async function serveMetrics(
  { metricsPort, metricsHost }: Pick<Config, 'metricsPort' | 'metricsHost'>,
  metrics: CollectedMetrics,
): Promise<MetricsServer | null> {
  if (metricsPort === null) return null;
  const server: Server = createServer(
    { requestTimeout: arrivalMs, headersTimeout: arrivalMs },
    ({ method, url }, response) => {
      if (method !== 'GET' || url !== '/metrics') return void response.writeHead(404).end();
      metrics.metrics().then(
        (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    },
  );
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(metricsPort, metricsHost, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
