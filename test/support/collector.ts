import { type TraceSettings } from '../../platform/config.ts';
import { serve } from './small-graph.ts';

/** A span as OTLP writes it in JSON, of which tests look at some. */
export interface ToldSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  hasFailed: boolean;
}

/** Takes traces as OpenTelemetry's collector does. */
export interface Collector {
  url: string;
  settings: TraceSettings;
  spans: ToldSpan[];
  /** What it was sent last, each as it came. */
  texts: string[];
  /** The headers of the last request. */
  headers: Record<string, unknown>;
  close(): Promise<void>;
}

interface Sent {
  resourceSpans: {
    scopeSpans: {
      spans: (Omit<ToldSpan, 'attributes' | 'hasFailed'> & {
        attributes: { key: string; value: object }[];
        status: { code: number };
      })[];
    }[];
  }[];
}

export async function startCollector(): Promise<Collector> {
  const collector: Omit<Collector, 'url' | 'settings' | 'close'> = {
    spans: [],
    texts: [],
    headers: {},
  };
  const { url, close } = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    collector.texts.push(text);
    collector.headers = request.headers;
    if (request.url === '/v1/traces') collector.spans.push(...read(JSON.parse(text) as Sent));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  return Object.assign(collector, { url, settings: settingsFor(url), close });
}

/** All traces go to a collector. */
export function settingsFor(url: string): TraceSettings {
  return {
    url: `${url}/v1/traces`,
    headers: {},
    attributes: {},
    sampler: 'parentbased_always_on',
    ratio: 1,
  };
}

function read({ resourceSpans }: Sent): ToldSpan[] {
  return resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ attributes, links, status, ...span }) => ({
        ...span,
        attributes: Object.fromEntries(
          attributes.map(({ key, value }) => [key, Object.values(value)[0] as unknown]),
        ),
        links: (links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
        hasFailed: status.code === 2,
      })),
    ),
  );
}
