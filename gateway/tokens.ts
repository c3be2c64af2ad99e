import { GraphQLError } from 'graphql';
import {
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../platform/config.ts';
import { forbidden } from '../platform/errors.ts';
import { type Viewer, anonymous, viewerOf } from '../platform/viewer.ts';

/** Turns a request's Authorization header into the viewer. */
export type ReadToken = (authorization: string | undefined) => Promise<Viewer>;

/** A token that was found good. */
interface Good {
  header: JWTHeaderParameters;
  /** The key that has signed it. */
  key: unknown;
  viewer: Viewer;
  /** By the clock of `Date.now()`. */
  until: number;
}

/**
 * Reads bearer tokens: JWTs in the form of RFC 9068, of this issuer and for this audience. One that was
 * good is good until its time is over, or its issuer's keys are others: to check a signature takes longer
 * than to answer most operations.
 *
 * Without a header the viewer is anonymous; with a bad token there is no viewer at all, since its
 * bearer would take the public's answer for its own.
 *
 * @throws GraphQLError UNAUTHENTICATED (HTTP 401) the token is malformed, forged, expired or meant
 *   for another; FORBIDDEN (403) it names no principal. Anything else: the keys cannot be had.
 */
export function createTokenReader(config: Config, keys: JWTVerifyGetKey): ReadToken {
  const { issuer, audience, limits } = config;
  const rules = {
    algorithms: ['ES256', 'EdDSA'],
    typ: 'at+jwt',
    issuer,
    audience,
    requiredClaims: ['sub', 'client_id', 'jti', 'iat', 'exp'],
    maxTokenAge: limits.tokenAgeMs / 1000,
    clockTolerance: limits.clockSkewMs / 1000,
  };
  const keyByName: JWTVerifyGetKey = (header, token) => {
    // A key set with a single key would take a token that does not say which key it wants.
    if (!header.kid) throw new errors.JWTInvalid('A token names its key.');
    return keys(header, token);
  };
  /** By the hashes of the tokens, which are in nobody's memory for longer than a request. */
  const good = new LRUCache<string, Good>({ max: limits.tokensKept });
  const untilOf = ({ exp = 0, iat = 0 }: JWTPayload) =>
    Math.min(exp * 1_000, iat * 1_000 + limits.tokenAgeMs) + limits.clockSkewMs;
  return async (authorization) => {
    if (authorization === undefined) return anonymous;
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (!token) throw badToken('The header does not hold a bearer token.');
    const name = hash('sha256', token);
    const known = good.get(name);
    let verified: Awaited<ReturnType<typeof jwtVerify>> & { key: unknown };
    try {
      const isInTime = known && Date.now() < known.until;
      if (isInTime && (await keys(known.header, foundByHeader)) === known.key) return known.viewer;
      verified = await jwtVerify(token, keyByName, rules);
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw badToken(error.message, 'The token has expired.');
      throw isOfToken(error) ? badToken(error.message) : error;
    }
    const { payload, protectedHeader: header, key } = verified;
    const viewer = viewerOfClaims(payload);
    good.set(name, { header, key, viewer, until: untilOf(payload) });
    return viewer;
  };
}

/** The rest of a token says nothing of its key. */
const foundByHeader = { payload: '', signature: '' };

/** How long a header's token that was read is good for still. */
export function msLeft(authorization: string): number {
  const { exp = 0 } = decodeJwt(authorization.split(' ').at(-1)!);
  return Math.max(0, exp * 1_000 - Date.now());
}

/** What a stream ends with that began with a token, when that has expired. */
export function expired(): GraphQLError {
  return badToken('It expired.', 'The token has expired.');
}

function viewerOfClaims(claims: JWTPayload): Viewer {
  try {
    return viewerOf(claims);
  } catch (error) {
    throw new GraphQLError(forbidden().message, {
      originalError: error as Error,
      extensions: { code: 'FORBIDDEN', http: { status: 403 } },
    });
  }
}

/** What the token's bearer has to answer for; the rest are faults of the issuer or the network. */
function isOfToken(error: unknown): error is Error {
  return (
    error instanceof errors.JOSEError &&
    error.code !== errors.JOSEError.code &&
    !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
  );
}

/**
 * The client learns whether it needs a new token, and nothing else of what is wrong with this one;
 * the reason is for the log.
 */
function badToken(reason: string, message = 'The token is not valid.'): GraphQLError {
  const challenge = `Bearer error="invalid_token", error_description="${message}"`;
  return new GraphQLError(message, {
    originalError: new Error(reason),
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: new Map([['www-authenticate', challenge]]) },
    },
  });
}

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/**
 * The issuer's public keys, read over HTTP when a token first needs them and kept for ten minutes;
 * a key that is not among them is looked for once more, at most every half minute.
 */
export function remoteKeys({ issuer, jwksUrl, limits }: Config): JWTVerifyGetKey {
  const openKeys = (url: string) =>
    createRemoteJWKSet(new URL(url), {
      timeoutDuration: limits.issuerMs,
      cooldownDuration: limits.issuerPauseMs,
      cacheMaxAge: limits.issuerKeysAgeMs,
    });
  if (jwksUrl) return openKeys(jwksUrl);

  let found: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    found ??= discoverKeys(issuer, limits.issuerMs).then(openKeys);
    try {
      return await (
        await found
      )(header, token);
    } catch (error) {
      // An issuer that could not be asked is asked again by the next token.
      if (!isOfToken(error)) found = undefined;
      throw error;
    }
  };
}

/** Where the issuer says that its keys are. Source: OpenID Connect Discovery 1.0 §4. */
async function discoverKeys(issuer: string, timeoutMs: number): Promise<string> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(`The issuer's discovery answers ${answer.status}.`);
  const metadata = discovery.parse(await answer.json());
  if (metadata.issuer !== issuer) throw new Error('The discovery is of another issuer.');
  return metadata.jwks_uri;
}
