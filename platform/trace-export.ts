import type { Context } from '@opentelemetry/api';
import type { Sampler, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { Config, TraceSettings } from './config.ts';
import { makeSpans } from './tracing.ts';

/** What sends a process's traces to whoever collects them. */
export interface Traces {
  /** Sends what is left, and gives up on it in time. */
  close(): Promise<void>;
}

/**
 * Sends traces to the collector that the settings name, from now on; does nothing, and loads nothing, where they
 * name none. Requests never wait for it: spans that a slow collector does not take in time are lost.
 *
 * @param name what this process is called there, where the settings do not say
 */
export async function openTraces(
  { traces, limits }: Pick<Config, 'traces' | 'limits'>,
  log: Logger,
  name: string,
): Promise<Traces> {
  if (!traces) return { close: () => Promise.resolve() };
  const [{ ROOT_CONTEXT, trace }, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({
    url: traces.url,
    headers: { ...traces.headers },
    timeoutMillis: limits.spansSendMs,
  });
  const processor = new sdk.BatchSpanProcessor({
    exporter: told(exporter, log),
    maxQueueSize: limits.spansWaiting,
    maxExportBatchSize: limits.spansTogether,
    scheduledDelayMillis: limits.spansWaitMs,
    exportTimeoutMillis: limits.spansSendMs,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': name, ...traces.attributes }),
    sampler: samplerOf(traces, sdk),
    spanLimits: { attributeValueLengthLimit: limits.spanTextLength },
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('coalition');
  makeSpans((spanName, options, parent) => {
    const context: Context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    const span = tracer.startSpan(spanName, options, context);
    return span.isRecording() ? span : undefined;
  });
  return {
    async close() {
      makeSpans(null);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limits.spansSendMs);
      });
      // What went wrong with it, the log has.
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

/** Which traces are collected. Those that have begun elsewhere were chosen there, where it is "parentbased". */
function samplerOf(
  { sampler, ratio }: TraceSettings,
  sdk: typeof import('@opentelemetry/sdk-trace'),
): Sampler {
  const roots: Record<string, Sampler> = {
    always_on: new sdk.AlwaysOnSampler(),
    always_off: new sdk.AlwaysOffSampler(),
    traceidratio: new sdk.TraceIdRatioBasedSampler(ratio),
  };
  const root = roots[sampler.replace('parentbased_', '')]!;
  return sampler.startsWith('parentbased_') ? new sdk.ParentBasedSampler({ root }) : root;
}

/** Has the log say once that the collector takes no spans, and once that it does again. */
function told(exporter: SpanExporter, log: Logger): SpanExporter {
  let isFailing = false;
  return {
    export(spans, sent) {
      exporter.export(spans, (result) => {
        const hasFailed = result.code !== 0;
        if (hasFailed && !isFailing) log.warn({ err: result.error }, 'traces are not taken');
        if (!hasFailed && isFailing) log.info('traces are taken again');
        isFailing = hasFailed;
        sent(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush!() }),
  };
}
