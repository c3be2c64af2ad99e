import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { httpRefusal } from '../platform/errors.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { RateLimits } from './rate-limits.ts';
import type { ReadToken } from './tokens.ts';

/** What tells who asks. */
export interface Caller {
  id: string;
  ip: string;
  authorization: string | undefined;
}

/** Reads a token, and counts the request. @returns with the headers that say what is left */
export type ReadCaller = (
  caller: Caller,
) => Promise<{ viewer: Viewer; headers: Record<string, string> }>;

/**
 * Who asks, which counts against their rate. A refused token is logged by its reason, never by its text.
 */
export function callerReader(readToken: ReadToken, rates: RateLimits, log: Logger): ReadCaller {
  const refusalOf = (requestId: string, error: unknown): GraphQLError => {
    if (error instanceof GraphQLError) {
      log.info({ requestId, reason: error.originalError?.message }, 'token refused');
      return error;
    }
    log.error({ requestId, err: error }, 'no keys to check tokens with');
    return httpRefusal(503, 'SUBGRAPH_UNAVAILABLE', 'Tokens cannot be checked now.');
  };
  return async ({ id, ip, authorization }) => {
    let viewer: Viewer;
    try {
      viewer = await readToken(authorization);
    } catch (error) {
      const refusal = refusalOf(id, error);
      await rates.countRequest(ip, null);
      throw refusal;
    }
    return { viewer, headers: await rates.countRequest(ip, viewer) };
  };
}

/** The caller of an HTTP request; its answer says what is left of their rate. */
export function callerOfRequest(readCaller: ReadCaller) {
  return async (
    { id, ip, headers: { authorization } }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Viewer> => {
    const { viewer, headers } = await readCaller({ id, ip, authorization });
    reply.headers(headers);
    return viewer;
  };
}
