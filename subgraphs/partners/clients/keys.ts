import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { eachOnce, isText } from '../../../platform/input.ts';
import type { ClientKey } from './rows.ts';

/** Members of a JWK that only a private or a shared key has. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const named = z.object({
  kid: z
    .string()
    .min(1)
    .max(128)
    // It is compared as it is written: neither trimmed nor composed.
    .refine(isText, 'holds characters that are no text'),
  use: z.literal('sig', 'must be "sig", or left out').default('sig'),
  x: z.string(),
});

const publicKey = z
  .unknown()
  .superRefine((jwk, context) => {
    const found = privateMembers.find((name) => Object.hasOwn(Object(jwk) as object, name));
    if (found === undefined) return;
    const message =
      'is of a private key, which is burnt now that it was sent: make another, and send its public half';
    context.addIssue({ code: 'custom', message, path: [found] });
  })
  .pipe(
    z.discriminatedUnion(
      'crv',
      [
        named.extend({
          kty: z.literal('EC'),
          crv: z.literal('P-256'),
          y: z.string(),
          alg: z.literal('ES256').default('ES256'),
        }),
        named.extend({
          kty: z.literal('OKP'),
          crv: z.literal('Ed25519'),
          // Its name before RFC 9864 is the one that the provider knows.
          alg: z
            .enum(['EdDSA', 'Ed25519'])
            .transform((): 'EdDSA' => 'EdDSA')
            .default('EdDSA'),
        }),
      ],
      'must be P-256 (ES256) or Ed25519 (EdDSA)',
    ),
  )
  .transform((jwk, context): ClientKey => {
    try {
      // What comes out is the point alone, and in one spelling; a point off the curve does not.
      const { x, y } = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' });
      return { ...jwk, x: x!, ...(y !== undefined && { y }) };
    } catch {
      context.addIssue({ code: 'custom', message: 'is no point of its curve', path: ['x'] });
      return z.NEVER;
    }
  });

const keySet = z.object({
  keys: z
    .array(publicKey)
    .min(1, 'needs a key')
    .max(5, 'holds 5 keys at most')
    .superRefine(eachOnce(({ kid }) => kid, ['kid'])),
});

/**
 * A client's public keys, from the text of a JWK set (RFC 7517): of each what verifying takes, in the
 * order of their ids, so that the same keys are the same however they are written.
 */
export const clientKeys = z
  .string()
  .max(10_000, 'must have 10,000 characters at most')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is no JSON' });
      return z.NEVER;
    }
  })
  .pipe(keySet)
  .transform(({ keys }) => keys.sort((one, other) => (one.kid < other.kid ? -1 : 1)));
