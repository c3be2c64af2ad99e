import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { presentError } from '../../platform/errors.ts';
import { traceable } from '../errors.ts';

/** What a subscription is refused for, before it has begun. */
export class Refused extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('The subscription is refused.');
    this.errors = errors;
  }
}

/** What a client is told of errors. */
export function toldErrors(
  errors: readonly GraphQLFormattedError[],
  requestId: string,
): GraphQLFormattedError[] {
  return errors.map((error) => traceable(presentError(error), requestId));
}

/** The errors that something failed with, whatever it is. */
export function errorsOf(error: unknown): readonly GraphQLError[] {
  if (error instanceof Refused) return error.errors;
  return [error instanceof GraphQLError ? error : new GraphQLError('It fails.')];
}

/** The HTTP status of a refusal. */
export function statusOf([first]: readonly GraphQLError[]): number {
  const { code, http } = (first?.extensions ?? {}) as { code?: string; http?: { status?: number } };
  return http?.status ?? statuses[code ?? ''] ?? (code === undefined ? 500 : 400);
}

const statuses: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  SUBGRAPH_UNAVAILABLE: 503,
};
