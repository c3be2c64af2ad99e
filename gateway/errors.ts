import type { GraphQLFormattedError } from 'graphql';
import { maskedCode, presentError } from '../platform/errors.ts';

/** What a client sees of an error, and where in its own operation it happened. */
export function presentToClient({ path, ...error }: GraphQLFormattedError): GraphQLFormattedError {
  const place = placeOf(path);
  return presentError({ ...error, ...(place && { path: place }) });
}

/** Adds the request's id to a masked error, for the client to name when it asks what went wrong. */
export function traceable(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  if (error.extensions?.['code'] !== maskedCode) return error;
  return { ...error, extensions: { code: maskedCode, requestId } };
}

/**
 * The executor writes '@' for "each item of this list", and `_entities` for its own question to the
 * subgraph, where it does not know more: the path ends there.
 */
function placeOf(path: GraphQLFormattedError['path']): GraphQLFormattedError['path'] {
  if (!path) return undefined;
  const unknown = path.findIndex((part) => part === '@' || part === '_entities');
  const known = unknown < 0 ? path : path.slice(0, unknown);
  return known.length > 0 ? known : undefined;
}
