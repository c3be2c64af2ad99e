import { randomUUID } from 'node:crypto';
import { type JWTPayload, SignJWT, createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { testConfig } from './config.ts';

/** An issuer of access tokens for tests, in the form that the identity part gives them. */
export async function createIssuer(kid = 'test-1') {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  const { issuer, audience } = testConfig();

  /** A token for these claims; `header` and `claims` set to undefined are left out. */
  async function issue(claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const sub = 'someone';
    const all = {
      iss: issuer,
      aud: audience,
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
      sub,
      client_id: sub,
      ...claims,
    };
    return new SignJWT(all)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header })
      .sign(privateKey);
  }
  return {
    jwk,
    jwks: { keys: [jwk] },
    keys: createLocalJWKSet({ keys: [jwk] }),
    issue,
    privateKey,
  };
}
