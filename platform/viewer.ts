import { z } from 'zod';
import type { Audience, Scope } from './contract.generated.ts';
import { Refusal, forbidden } from './errors.ts';
import { id } from './input.ts';
import { scopesInToken } from './scopes.ts';

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
  /** When the caller last proved again who they are, as what is heavy asks for; null where never. */
  readonly steppedUpAt: Date | null;
}

export const anonymous: Viewer = Object.freeze({
  audience: 'PUBLIC',
  scopes: [],
  memberId: null,
  partnerId: null,
  sandbox: false,
  subject: null,
  steppedUpAt: null,
});

/** In whole seconds, as tokens count. */
const person = { sub: z.string(), stepped_up_at: z.int().positive().max(8_640_000_000).optional() };

const claims = z.discriminatedUnion('principal', [
  z.object({ ...person, principal: z.literal('member'), member_id: id }),
  z.object({
    ...person,
    principal: z.literal('partner'),
    partner_id: id,
    sandbox: z.boolean().optional(),
  }),
  z.object({ ...person, principal: z.literal('admin') }),
]);

/**
 * The viewer that a verified token names, by its claim `principal` (member, partner, admin) and
 * never by its scopes. Scopes that the contract does not know are passed over.
 *
 * @throws GraphQLError FORBIDDEN where the claims name no principal
 */
export function viewerOf(token: Record<string, unknown>): Viewer {
  const read = claims.safeParse(token);
  if (!read.success) throw forbidden();
  const principal = read.data;
  const words = typeof token['scope'] === 'string' ? token['scope'].split(' ') : [];
  const scopes = words.flatMap((word) => scopesInToken.get(word) ?? []);
  const { sub: subject, stepped_up_at: seconds } = principal;
  const steppedUpAt = seconds === undefined ? null : new Date(seconds * 1_000);
  const viewer = { ...anonymous, scopes, subject, steppedUpAt };
  switch (principal.principal) {
    case 'member':
      return { ...viewer, audience: 'MEMBER', memberId: principal.member_id };
    case 'partner': {
      const { partner_id: partnerId, sandbox = false } = principal;
      return { ...viewer, audience: 'PARTNER', partnerId, sandbox };
    }
    case 'admin':
      return { ...viewer, audience: 'ADMIN' };
  }
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

/** The partner that the caller belongs to, and its half of the world. */
export function askerOf(viewer: Viewer): Pick<Viewer, 'sandbox'> & { partnerId: string } {
  return { partnerId: requirePartner(viewer), sandbox: viewer.sandbox };
}

/** How long a fresh code counts. */
const steppedUpMs = 5 * 60_000;

/** Whether the caller has proved again who they are, just now. */
export function isSteppedUp({ steppedUpAt }: Pick<Viewer, 'steppedUpAt'>, at: Date): boolean {
  return steppedUpAt !== null && at.getTime() - steppedUpAt.getTime() < steppedUpMs;
}

/** Asks for a fresh proof: a token that was stolen has none. @throws Refusal STEP_UP_REQUIRED */
export function requireSteppedUp(viewer: Pick<Viewer, 'steppedUpAt'>, at: Date): void {
  if (isSteppedUp(viewer, at)) return;
  throw new Refusal('STEP_UP_REQUIRED', 'Sign in again, with a second factor.');
}

/** Keeps test clients from what live ones see. @throws Refusal NOT_ALLOWED */
export function requireNoSandbox({ sandbox }: Viewer): void {
  if (sandbox) throw new Refusal('NOT_ALLOWED', 'A test client cannot do this.');
}

/** Whether what is the partner's is the caller's: staff act for all of them. */
export function isOwn(viewer: Viewer, partnerId: string): boolean {
  return viewer.audience === 'ADMIN' || viewer.partnerId === partnerId;
}

/** Partners act for themselves alone, staff for all. @throws Refusal NOT_FOUND for another's id */
export function requireOwn(viewer: Viewer, partnerId: string, path = ['partnerId']): void {
  if (isOwn(viewer, partnerId)) return;
  throw new Refusal('NOT_FOUND', 'There is no such partner.', path);
}
