import { z } from 'zod';
import type { Audience, Scope } from './contract.generated.ts';
import { Refusal, forbidden } from './errors.ts';

/**
 * Who asks, as the gateway found it in the token and signed it. A part never makes one up: it
 * reads it from the hop, or finds PUBLIC.
 */
export interface Viewer {
  readonly audience: Audience;
  /** What the token holds, by the contract's names. */
  readonly scopes: readonly Scope[];
  /** Where audience is MEMBER. */
  readonly memberId: string | null;
  /** Where audience is PARTNER: the brand that the client or person belongs to. */
  readonly partnerId: string | null;
  /** A partner's test client: it meets members of the sandbox only, and a live one never does. */
  readonly sandbox: boolean;
  /** The token's subject, for logs and authorship: a client's id, a member's, a person's. */
  readonly subject: string | null;
}

export const anonymous: Viewer = Object.freeze({
  audience: 'PUBLIC',
  scopes: [],
  memberId: null,
  partnerId: null,
  sandbox: false,
  subject: null,
});

/** The contract's scope in the wire form of the trade: ACCRUALS_WRITE is `accruals:write`. */
export function scopeInToken(scope: Scope): string {
  return scope.toLowerCase().replace('_', ':');
}

const claims = z.discriminatedUnion('principal', [
  z.object({ principal: z.literal('member'), sub: z.string(), member_id: z.uuid() }),
  z.object({
    principal: z.literal('partner'),
    sub: z.string(),
    partner_id: z.uuid(),
    sandbox: z.boolean().optional(),
  }),
  z.object({ principal: z.literal('admin'), sub: z.string() }),
]);

/**
 * The viewer that a verified token names, by its claim `principal` (member, partner, admin) and
 * never by its scopes. Scopes that the contract does not know are passed over.
 *
 * @throws GraphQLError FORBIDDEN where the claims name no principal
 */
export function viewerOf(
  token: Record<string, unknown>,
  known: ReadonlyMap<string, Scope>,
): Viewer {
  const read = claims.safeParse(token);
  if (!read.success) throw forbidden();
  const words = typeof token['scope'] === 'string' ? token['scope'].split(' ') : [];
  const principal = read.data;
  return {
    audience:
      principal.principal === 'admin'
        ? 'ADMIN'
        : principal.principal === 'member'
          ? 'MEMBER'
          : 'PARTNER',
    scopes: words.flatMap((word) => known.get(word) ?? []),
    memberId: principal.principal === 'member' ? principal.member_id : null,
    partnerId: principal.principal === 'partner' ? principal.partner_id : null,
    sandbox: principal.principal === 'partner' && principal.sandbox === true,
    subject: principal.sub,
  };
}

/** The calling member's id. */
export function requireMember(viewer: Viewer): string {
  if (!viewer.memberId) throw forbidden();
  return viewer.memberId;
}

/** The id of the partner that the caller belongs to. */
export function requirePartner(viewer: Viewer): string {
  if (!viewer.partnerId) throw forbidden();
  return viewer.partnerId;
}

/** Keeps test clients from what live ones see. @throws Refusal NOT_ALLOWED */
export function requireNoSandbox({ sandbox }: Viewer): void {
  if (sandbox) throw new Refusal('NOT_ALLOWED', 'A test client cannot do this.');
}

/** Partners act for themselves alone, staff for all. @throws Refusal NOT_FOUND for another's id */
export function requireOwn(viewer: Viewer, partnerId: string): void {
  if (viewer.audience === 'ADMIN' || viewer.partnerId === partnerId) return;
  throw new Refusal('NOT_FOUND', 'There is no such partner.', ['partnerId']);
}
