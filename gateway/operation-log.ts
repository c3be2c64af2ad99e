import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { clientErrorCodes } from '../platform/errors.ts';
import type { GatewayContext } from './context.ts';

/** One line for each error that is no client's. */
export function logFaults(
  { log }: GatewayContext,
  errors: readonly (GraphQLError | GraphQLFormattedError)[],
): void {
  for (const error of errors) {
    if (clientErrorCodes.has(error.extensions?.['code'])) continue;
    log.error({ err: error, path: error.path }, 'fault');
  }
}

/** One line for each operation. */
export function logOperation(
  { log, viewer }: GatewayContext,
  operationName: string | null | undefined,
  started: number,
  errors: number,
): void {
  const line = {
    operationName: operationName?.slice(0, 100),
    audience: viewer.audience,
    durationMs: Math.round(performance.now() - started),
    errors,
  };
  log.info(line, 'operation');
}
