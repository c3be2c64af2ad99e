import type { GraphQLFormattedError } from 'graphql';
import { clientErrorCodes } from '../platform/errors.ts';

const masked = 'INTERNAL_SERVER_ERROR';

/**
 * What a client sees of an error: the message, place and code of those that are for clients. Every
 * other one is masked, and nothing of a subgraph (its name, URL, body, stack) is kept of any.
 */
export function presentError(error: GraphQLFormattedError): GraphQLFormattedError {
  const { locations } = error;
  const code = error.extensions?.['code'];
  const isForClient = clientErrorCodes.has(code);
  const path = placeOf(error.path);
  return {
    message: isForClient ? error.message : 'Something went wrong.',
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code: isForClient ? code : masked },
  };
}

/** Adds the request's id to a masked error, for the client to name when it asks what went wrong. */
export function traceable(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  if (error.extensions?.['code'] !== masked) return error;
  return { ...error, extensions: { code: masked, requestId } };
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
