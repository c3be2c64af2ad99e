import {
  type JSONWebKeySet,
  type JWTPayload,
  createLocalJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
} from 'jose';
import { type Database, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { limits } from '../../../platform/limits.ts';
import type { Identifier } from './entities.ts';

/** How far ahead a proof may end: one that leaks is of no use for longer. */
const lifetimeSeconds = 10 * 60;
/** As of clients' assertions: identity/assertions.ts. */
const algorithms = ['ES256', 'EdDSA'];

/** What a proof has to say, and to whom. */
export type Claimed = Pick<Identifier, 'kind' | 'value' | 'sandbox'> & {
  partnerId: string;
  /** The graph's. */
  audience: string;
};

/**
 * Checks what a partner handed over to prove that an account or a card is its bearer's: a JWT that one
 * of its API clients signed.
 *
 * @param path of the field that holds it
 * @throws Refusal INVALID it proves nothing of the kind; EXPIRED it did
 */
export async function requireProof(
  db: Database,
  proof: string,
  { partnerId, sandbox, kind, value, audience }: Claimed,
  { at, path }: { at: Date; path: string[] },
): Promise<void> {
  const issuer = issuerOf(proof);
  const [row] = await rows<{ keys: JSONWebKeySet['keys'] | null }>(
    db,
    'SELECT partners.link_keys($1, $2, $3) AS keys',
    [partnerId, issuer, sandbox],
  );
  const keys = createLocalJWKSet({ keys: row!.keys ?? [] });
  const claims = await jwtVerify(proof, keys, {
    algorithms,
    issuer: issuer ?? '',
    subject: value,
    audience,
    requiredClaims: ['exp', 'kind'],
    clockTolerance: limits.clockSkewMs / 1_000,
    currentDate: at,
  }).then(
    ({ payload }) => payload,
    (error: unknown) => {
      if (error instanceof errors.JWTExpired) {
        throw new Refusal('EXPIRED', 'The proof is too old: the partner gives another.', path);
      }
      if (error instanceof errors.JOSEError) return null;
      throw error;
    },
  );
  if (!claims || !isFor(claims, kind, at)) {
    throw new Refusal('INVALID', 'This is no proof of it by the partner.', path);
  }
}

function isFor({ kind: proven, exp }: JWTPayload, kind: string, at: Date): boolean {
  return proven === kind && exp! <= at.getTime() / 1_000 + lifetimeSeconds;
}

/** Who says to have signed it: nothing is believed of it but whose keys to look at. */
function issuerOf(proof: string): string | null {
  try {
    return decodeJwt(proof).iss ?? null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
