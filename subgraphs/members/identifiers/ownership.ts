import { randomUUID } from 'node:crypto';
import { IsNull, Not } from 'typeorm';
import { type Database, insertOnce, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { join } from '../merging/joining.ts';
import { type Member, PartnerAccount } from '../membership/entities.ts';
import { lockMember, lockMembers } from '../membership/members.ts';
import { Identifier } from './entities.ts';

/** What a member has proven. */
export type Proven = Pick<Identifier, 'kind' | 'value' | 'partnerId'>;

/**
 * Locks the member who is to own something, and before or after them, in the order of their ids as who
 * merges two, the provisional one who becomes part of them by it.
 *
 * @throws Refusal MEMBER_INACTIVE
 */
export async function lockOwner(tx: Database, memberId: string, proven: Proven): Promise<Member> {
  const { kind, partnerId, value } = proven;
  const holders = await rows<{ id: string }>(
    tx,
    `SELECT h.id FROM members.member m
     JOIN members.partner_account a ON a.sandbox = m.sandbox AND a.partner_id = $3 AND a.account = $4
     JOIN members.member h ON h.id = a.member_id AND h.status = 'PROVISIONAL'
     WHERE m.id = $1 AND $2 = 'PARTNER_ACCOUNT'`,
    [memberId, kind, partnerId, value],
  );
  const locked = await lockMembers(tx, [memberId, ...holders.map(({ id }) => id)]);
  const member = locked.find(({ id }) => id === memberId);
  if (member?.status === 'ACTIVE') return member;
  throw new Refusal('MEMBER_INACTIVE', 'This account is not active.');
}

/**
 * Makes the member, whose row is locked, the one owner of what they have proven.
 *
 * @param id that clients know it by already, where they do
 * @returns its id
 * @throws Refusal CONFLICT another member has it: whose it is is not told
 */
export async function own(
  tx: Database,
  member: Member,
  proven: Proven,
  { id = randomUUID(), at }: { id?: string; at: Date },
): Promise<string> {
  await lockValue(tx, proven);
  const ownedId =
    proven.kind === 'PARTNER_ACCOUNT'
      ? await ownAccount(tx, member, proven, { id, at })
      : await ownIdentifier(tx, member, proven, { id, at });
  await tx.delete(Identifier, { memberId: member.id, ...unproven(proven) });
  if (ownedId !== id) return ownedId;
  await emit(tx, {
    type: 'identifier.linked',
    memberId: member.id,
    payload: { memberId: member.id, identifierId: id },
    occurredAt: at,
  });
  return id;
}

/** One transaction at a time for each value; who needs the member's row as well takes that first. */
export async function lockValue(tx: Database, { kind, partnerId, value }: Proven): Promise<void> {
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `identifier ${kind} ${partnerId ?? ''} ${value}`,
  ]);
}

/** The rows in which the same waits to be proven. */
export function unproven({ kind, partnerId, value }: Proven) {
  return { kind, value, partnerId: partnerId ?? IsNull(), verifiedAt: IsNull() };
}

async function ownAccount(
  tx: Database,
  member: Member,
  { partnerId, value }: Proven,
  { id, at }: { id: string; at: Date },
): Promise<string> {
  const key = { partnerId: partnerId!, sandbox: member.sandbox, account: value };
  const isNew = await insertOnce(tx, PartnerAccount, {
    ...key,
    id,
    memberId: member.id,
    linkedAt: at,
  });
  if (isNew) return id;
  const held = await tx.findOneByOrFail(PartnerAccount, key);
  if (held.memberId === member.id) return held.id;
  // Nobody has claimed it yet: all that it has earned is the member's. Where an import has made its holder
  // just now, nobody else knows them by whom to be waited for: the order of locks does not matter.
  const holder = await lockMember(tx, held.memberId);
  if (holder?.status !== 'PROVISIONAL') throw taken();
  // Before it goes over: the merge keeps its id, to give it back by.
  await tx.update(PartnerAccount, key, { id, linkedAt: at });
  await join(tx, holder, member, { reason: 'Claimed by the account', at });
  return id;
}

async function ownIdentifier(
  tx: Database,
  member: Member,
  { kind, partnerId, value }: Proven,
  { id, at }: { id: string; at: Date },
): Promise<string> {
  const { sandbox } = member;
  const held = await tx.findOneBy(Identifier, {
    sandbox,
    kind,
    value,
    verifiedAt: Not(IsNull()),
  });
  if (held?.memberId === member.id) return held.id;
  if (held) throw taken();
  const row = { id, memberId: member.id, sandbox, kind, partnerId, value };
  const states = { codeHash: null, expiresAt: null, verifiedAt: at, linkedAt: at };
  await tx.save(tx.create(Identifier, { ...row, ...states }));
  return id;
}

function taken(): Refusal {
  return new Refusal('CONFLICT', 'This cannot be linked: ask the coalition.', ['value']);
}
