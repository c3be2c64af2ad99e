import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { clientErrorCodes, maskedCode } from '../platform/errors.ts';
import { failSpan } from '../platform/tracing.ts';
import type { GatewayContext } from './context.ts';
import { countErrors } from './metrics.ts';

/** Counts errors, and writes one line for each that is no client's. */
export function logFaults(
  { log, metrics, span }: GatewayContext,
  errors: readonly (GraphQLError | GraphQLFormattedError)[],
): void {
  countErrors(metrics, errors);
  for (const error of errors) {
    if (clientErrorCodes.has(error.extensions?.['code'])) continue;
    log.error({ err: error, path: error.path }, 'fault');
    failSpan(span, maskedCode);
  }
}

/** Times an operation, and writes one line about it. */
export function logOperation(
  { log, metrics, span, viewer: { audience } }: GatewayContext,
  operationName: string | null | undefined,
  started: number,
  errors: number,
): void {
  const ms = performance.now() - started;
  span?.setAttribute('coalition.errors', errors);
  const outcome = errors > 0 ? 'errors' : 'answered';
  metrics.operations.observe({ audience, outcome }, ms / 1_000);
  const line = {
    operationName: operationName?.slice(0, 100),
    audience,
    durationMs: Math.round(ms),
    errors,
  };
  log.info(line, 'operation');
}
