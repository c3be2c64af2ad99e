import type { GraphQLFormattedError } from 'graphql';
import { maskedCode } from '../platform/errors.ts';

/** Adds the request's id to a masked error, for the client to name when it asks what went wrong. */
export function traceable(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  if (error.extensions?.['code'] !== maskedCode) return error;
  return { ...error, extensions: { code: maskedCode, requestId } };
}
