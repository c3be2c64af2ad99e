/**
 * What the platform knows of members, by the functions that the members part publishes: a consent
 * that partners act on and the account that members act with must mean the same in every subgraph.
 */
import DataLoader from 'dataloader';
import { z } from 'zod';
import type { ConsentScope } from './contract.generated.ts';
import { type Database, rows } from './database.ts';
import { Refusal } from './errors.ts';
import { email, id, key } from './input.ts';
import type { Viewer } from './viewer.ts';

const lowerCase = (value: string) => value.toLowerCase();

/** The contract's MemberRef, in the letters that members are found by: a repeated one is the same. */
export const memberRef = z
  .object({
    id: key.transform(lowerCase).nullish(),
    memberNumber: key.nullish(),
    email: email.transform(lowerCase).nullish(),
    partnerAccount: key.nullish(),
    partnerId: id.nullish(),
  })
  .refine(
    ({ id: byId, memberNumber, email: byEmail, partnerAccount }) =>
      [byId, memberNumber, byEmail, partnerAccount].filter((way) => way != null).length === 1,
    'needs exactly one field',
  )
  .refine(
    ({ partnerAccount, partnerId }) => partnerAccount != null || partnerId == null,
    'takes partnerId only with partnerAccount',
  );

/** A reference to a member, checked: exactly one field is set. */
export type MemberRef = z.output<typeof memberRef>;

/** A partner that asks, in its half of the world: sandbox or live. */
interface Asking {
  partnerId: string;
  sandbox: boolean;
}

/**
 * The id of the member whom a reference names in the caller's half of the world; null for none.
 *
 * @throws Refusal INVALID an account without its partner
 */
export async function resolveMember(
  db: Database,
  ref: MemberRef,
  { partnerId, sandbox }: Pick<Viewer, 'partnerId' | 'sandbox'>,
): Promise<string | null> {
  if (ref.partnerAccount != null && !ref.partnerId && !partnerId) {
    throw new Refusal('INVALID', 'An account needs the id of its partner.', ['partnerId']);
  }
  const [found] = await rows<{ id: string | null }>(
    db,
    'SELECT members.resolve($1, $2, $3) AS id',
    [ref, partnerId, sandbox],
  );
  return found!.id;
}

/** The same for many that a partner names, in one call and in their order. */
export async function resolveMembers(
  db: Database,
  refs: MemberRef[],
  { partnerId, sandbox }: Asking,
): Promise<(string | null)[]> {
  const found = await rows<{ item: number; memberId: string }>(
    db,
    'SELECT item, member_id AS "memberId" FROM members.resolve_all($1, $2, $3)',
    [JSON.stringify(refs), partnerId, sandbox],
  );
  const byItem = new Map(found.map(({ item, memberId }) => [item, memberId]));
  return refs.map((_, index) => byItem.get(index + 1) ?? null);
}

export interface ConsentQuestion {
  memberId: string;
  /** Null: any consent that is alive. */
  scope: ConsentScope | null;
}

/** Those of `memberIds` of whom the partner holds a live consent of this scope, or any. */
export async function consentingMembers(
  db: Database,
  { partnerId, sandbox }: Asking,
  memberIds: string[],
  scope: ConsentScope | null,
): Promise<Set<string>> {
  const found = await rows<{ memberId: string }>(
    db,
    'SELECT may AS "memberId" FROM members.may($1, $2, $3, $4)',
    [partnerId, memberIds, scope, sandbox],
  );
  return new Set(found.map(({ memberId }) => memberId));
}

/**
 * Whether the calling partner has a member's consent: read in the database on every request, so that
 * a revoked one counts no more. Questions of one request go in one call for each scope.
 *
 * @returns a function that is false for everybody but partners
 */
export function consentReader(
  db: Database,
  viewer: Viewer,
): (question: ConsentQuestion) => Promise<boolean> {
  const { partnerId, sandbox } = viewer;
  if (!partnerId) return () => Promise.resolve(false);
  const loader = new DataLoader<ConsentQuestion, boolean, string>(
    async (questions) => {
      const allowed = new Set<string>();
      for (const scope of new Set(questions.map((question) => question.scope))) {
        const ids = questions.filter((q) => q.scope === scope).map((q) => q.memberId);
        for (const id of await consentingMembers(db, { partnerId, sandbox }, ids, scope)) {
          allowed.add(`${id} ${scope}`);
        }
      }
      return questions.map(({ memberId, scope }) => allowed.has(`${memberId} ${scope}`));
    },
    { cacheKeyFn: ({ memberId, scope }) => `${memberId} ${scope}`, maxBatchSize: 500 },
  );
  return (question) => loader.load(question);
}

/**
 * Lets a member act whose account is active. What members do is seen by others, or takes from what
 * they share: members of the sandbox stay out of it.
 *
 * @throws Refusal MEMBER_INACTIVE; NOT_ALLOWED for a member of the sandbox
 */
export async function requireActiveMember(db: Database, memberId: string): Promise<void> {
  const [member] = await rows<{ status: string; sandbox: boolean }>(
    db,
    'SELECT status, sandbox FROM members.snapshot(ARRAY[$1::uuid])',
    [memberId],
  );
  if (member?.status !== 'ACTIVE') {
    throw new Refusal('MEMBER_INACTIVE', 'This account is not active.');
  }
  if (member.sandbox) throw new Refusal('NOT_ALLOWED', 'A test account cannot do this.');
}
