import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes, Link, Span, SpanContext, SpanOptions } from '@opentelemetry/api';

export type { Span } from '@opentelemetry/api';

/** Begins a span below what it is a part of, or a trace; undefined for one that nobody is told of. */
export type Begin = (
  name: string,
  options: SpanOptions,
  parent: SpanContext | null,
) => Span | undefined;

/** OpenTelemetry's numbers: its package is loaded where traces are collected, and nowhere else. */
export const spanKinds = { internal: 0, server: 1, client: 2 } as const;
const [sampled, failed] = [1, 2];

/** Null where nobody collects traces. It is of the process, as the collector is. */
let begin: Begin | null = null;

/** Makes spans from now on, until it is told to make none. */
export function makeSpans(by: Begin | null): void {
  begin = by;
}

/** Begins a trace. What is not collected has no span, here and in all that follows from it. */
export function beginTrace(name: string, options: SpanOptions = {}): Span | undefined {
  return begin?.(name, options, null);
}

/**
 * Begins a part of something that is under way and collected. What goes on when that has ended, for others too, is
 * no part of it.
 */
export function beginSpan(
  parent: Span | undefined,
  name: string,
  options: SpanOptions = {},
): Span | undefined {
  return parent?.isRecording() ? begin?.(name, options, parent.spanContext()) : undefined;
}

/** Begins a part of what another process has under way. @param traceparent as that process wrote it */
export function continueTrace(
  traceparent: string | undefined,
  name: string,
  options: SpanOptions,
): Span | undefined {
  const parent = begin && readTraceparent(traceparent);
  return parent ? begin?.(name, options, parent) : undefined;
}

/** Ends a span that may have failed. @param failure a code or the name of an error, never its text */
export function endSpan(span: Span | undefined, failure?: string): void {
  if (failure !== undefined) failSpan(span, failure);
  span?.end();
}

/** Says what went wrong. @param failure a code or the name of an error, never its text */
export function failSpan(span: Span | undefined, failure: string): void {
  span?.setAttribute('error.type', failure).setStatus({ code: failed });
}

/** What tells another process of a span. Source: W3C Trace Context §3.2. */
export function traceparentOf(span: Span): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}

const traceparentForm = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

function readTraceparent(traceparent = ''): SpanContext | null {
  const [, traceId, spanId, flags] = traceparentForm.exec(traceparent) ?? [];
  if (!traceId || !spanId) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags!, 16) & sampled, isRemote: true };
}

/** A link to what a caller says that it has under way; null where it does not say so in form. */
export function linkTo(traceparent: string | undefined): Link | null {
  const context = readTraceparent(traceparent);
  return context && { context };
}

/** What lines of the log have of a trace. */
export function traceFields(span: Span | undefined): { trace_id?: string } {
  return span ? { trace_id: span.spanContext().traceId } : {};
}

/** What is under way, of which statements are parts, and how many of them were told of. */
interface Work {
  span: Span;
  statements: number;
}

/** Statements pass where nobody knows whose they are. It costs each promise of the process from its first use on. */
const works = new AsyncLocalStorage<Work | undefined>();

/** Does work whose statements are parts of a span; without one, of nothing that is under way. */
export function within<Result>(span: Span | undefined, work: () => Result): Result {
  if (!span && !works.getStore()) return work();
  return works.run(span && { span, statements: 0 }, work);
}

/** What is under way here. */
export function currentSpan(): Span | undefined {
  return works.getStore()?.span;
}

/** Does work in a span, which ends with it. */
export async function inSpan<Result>(
  span: Span | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await within(span, work);
  } catch (error) {
    failSpan(span, (error as Error).name);
    throw error;
  } finally {
    span?.end();
  }
}

/**
 * Begins a statement of what is under way. Of one thing so many are told of: a job can have thousands.
 *
 * @param attributes made where it is told of
 */
export function beginStatement(
  most: number,
  nameOf: () => { name: string; attributes: Attributes },
): Span | undefined {
  const work = works.getStore();
  if (!work || work.statements >= most) return undefined;
  work.statements++;
  const { name, attributes } = nameOf();
  return beginSpan(work.span, name, { kind: spanKinds.client, attributes });
}
