/** A public key of an API client: a JWK (RFC 7517), with nothing but what verifying takes. */
export type ClientKey = { kid: string; use: 'sig'; x: string } & (
  | { kty: 'EC'; crv: 'P-256'; y: string; alg: 'ES256' }
  | { kty: 'OKP'; crv: 'Ed25519'; alg: 'EdDSA' }
);
