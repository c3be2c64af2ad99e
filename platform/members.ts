/**
 * What the platform knows of members, by the functions that the members part publishes: a consent
 * that partners act on and the account that members act with must mean the same in every subgraph.
 */
import DataLoader from 'dataloader';
import { z } from 'zod';
import type { ConsentScope } from './contract.generated.ts';
import { type Database, rows } from './database.ts';
import { Refusal } from './errors.ts';
import { cardToken, email, id, key, memberNumber, phone } from './input.ts';
import { readRows } from './reads.ts';
import type { Viewer } from './viewer.ts';

const lowerCase = (value: string) => value.toLowerCase();

/** The contract's MemberRef, in the letters that members are found by: a repeated one is the same. */
export const memberRef = z
  .object({
    id: key.transform(lowerCase).nullish(),
    memberNumber: memberNumber.nullish(),
    email: email.transform(lowerCase).nullish(),
    phone: phone.nullish(),
    partnerAccount: key.nullish(),
    partnerId: id.nullish(),
    paymentCard: cardToken.nullish(),
    walletToken: z.string().max(512, 'must have 512 characters at most').nullish(),
  })
  .refine(
    (ref) =>
      Object.entries(ref).filter(([way, value]) => way !== 'partnerId' && value != null).length ===
      1,
    'needs exactly one field',
  )
  .refine(
    ({ partnerAccount, partnerId }) => partnerAccount != null || partnerId == null,
    'takes partnerId only with partnerAccount',
  );

/** A reference to a member, checked: exactly one field is set. */
export type MemberRef = z.output<typeof memberRef>;

/** A partner that asks, in its half of the world: sandbox or live. */
export interface Asking {
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
  // A wallet token is spent by it.
  const ask = ref.walletToken == null ? readRows : rows;
  const [found] = await ask<{ id: string | null }>(db, 'SELECT members.resolve($1, $2, $3) AS id', [
    ref,
    partnerId,
    sandbox,
  ]);
  return found!.id;
}

/** The same for many that partners name, in one statement and in their order. */
export async function resolveMembers(
  db: Database,
  named: { ref: MemberRef; by: Asking }[],
): Promise<(string | null)[]> {
  const groups = byAsker(named);
  const asked = groups.map(({ by, all }, asker) => ({ asker, ...by, refs: all.map((n) => n.ref) }));
  const found = await rows<{ asker: number; item: number; memberId: string }>(
    db,
    `SELECT a.asker, r.item, r.member_id AS "memberId"
     FROM jsonb_to_recordset($1) AS a (asker integer, "partnerId" uuid, sandbox boolean, refs jsonb),
       members.resolve_all(a.refs, a."partnerId", a.sandbox) AS r`,
    [JSON.stringify(asked)],
  );
  const memberIds = new Map(
    found.map(({ asker, item, memberId }) => [groups[asker]!.all[item - 1], memberId]),
  );
  return named.map((each) => memberIds.get(each) ?? null);
}

/** A key that is the asker's own. */
export function askerKey({ partnerId, sandbox }: Asking): string {
  return `${partnerId} ${sandbox}`;
}

/** What each asker asks; the askers in an order that all callers share. */
export function byAsker<Asked extends { by: Asking }>(
  asked: Asked[],
): { by: Asking; all: Asked[] }[] {
  const groups = new Map<string, { by: Asking; all: Asked[] }>();
  for (const each of asked) {
    const key = askerKey(each.by);
    const group = groups.get(key);
    if (group) group.all.push(each);
    else groups.set(key, { by: each.by, all: [each] });
  }
  const keys = [...groups.keys()].sort();
  return keys.map((key) => groups.get(key)!);
}

export interface ConsentQuestion {
  memberId: string;
  /** Null: any consent that is alive. */
  scope: ConsentScope | null;
}

/**
 * Those of these members of whom the partner that asks holds a live consent of this scope, or any: in
 * one statement, whoever asks.
 */
export async function consentingMembers<Asked extends { memberId: string; by: Asking }>(
  db: Database,
  asked: Asked[],
  scope: ConsentScope | null,
): Promise<Set<Asked>> {
  if (asked.length === 0) return new Set();
  const groups = byAsker(asked);
  const questions = groups.map(({ by, all }, asker) => {
    return { asker, ...by, memberIds: [...new Set(all.map(({ memberId }) => memberId))] };
  });
  const found = await readRows<{ asker: number; memberId: string }>(
    db,
    `SELECT a.asker, m.id AS "memberId"
     FROM jsonb_to_recordset($1)
         AS a (asker integer, "partnerId" uuid, sandbox boolean, "memberIds" uuid[]),
       members.may(a."partnerId", a."memberIds", $2, a.sandbox) AS m (id)`,
    [JSON.stringify(questions), scope],
  );
  const consenting = groups.map(() => new Set<string>());
  for (const { asker, memberId } of found) consenting[asker]!.add(memberId);
  return new Set(
    groups.flatMap(({ all }, asker) => all.filter((each) => consenting[asker]!.has(each.memberId))),
  );
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
      const asked = questions.map((question) => ({ ...question, by: { partnerId, sandbox } }));
      const allowed = new Set<(typeof asked)[number]>();
      for (const scope of new Set(questions.map((question) => question.scope))) {
        const ofScope = asked.filter((question) => question.scope === scope);
        for (const one of await consentingMembers(db, ofScope, scope)) allowed.add(one);
      }
      return asked.map((question) => allowed.has(question));
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
