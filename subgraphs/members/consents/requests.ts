import { randomUUID } from 'node:crypto';
import { In, IsNull, MoreThan } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, insertOnce, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import {
  type Asking,
  type MemberRef,
  memberRef,
  resolveMember,
} from '../../../platform/members.ts';
import { emit } from '../../../platform/outbox.ts';
import { type Viewer, askerOf } from '../../../platform/viewer.ts';
import { Member } from '../membership/entities.ts';
import { requireTakingPart, statusOf } from '../partners.ts';
import { Consent, ConsentRequest } from './entities.ts';
import { consentScopes } from './scopes.ts';

const dayMs = 24 * 60 * 60_000;
const lifetimeMs = 30 * dayMs;
/** How long a member who has declined is left alone. */
const restMs = 30 * dayMs;

const requestInput = z.object({ member: memberRef, scopes: consentScopes, purpose: note });

/**
 * Asks a member for consent, who finds the request and is told of it. One is open at a time for each
 * partner and member: asking again replaces what was asked, and tells nobody.
 *
 * The partner learns nothing: not whether there is such a member, nor what becomes of it. Nothing comes
 * of it where the member is not active, has consented to all of it, or has declined not long ago.
 *
 * @throws Refusal INVALID; PARTNER_INACTIVE
 */
export async function requestConsent(
  db: Database,
  input: z.input<typeof requestInput>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<{ expiresAt: Date }> {
  const { member, scopes, purpose } = parseInput(requestInput, input);
  const by = askerOf(viewer);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    requireTakingPart(await statusOf(tx, by.partnerId), by);
    const expiresAt = new Date(at.getTime() + lifetimeMs);
    const asked = { partnerId: by.partnerId, scopes, purpose, expiresAt };
    const memberId = await findAskable(tx, member, by);
    if (memberId && (await ask(tx, { ...asked, memberId, createdAt: at }))) {
      const subject = { type: 'Member', id: memberId };
      const after = { scopes: asked.scopes.join(' '), purpose };
      await recordAct(tx, viewer, { action: 'requestConsent', subject, after, at });
    }
    return { expiresAt };
  });
}

/** The active member whom a partner names; null for none. */
async function findAskable(tx: Database, ref: MemberRef, by: Asking): Promise<string | null> {
  const memberId = await resolveMember(tx, ref, by);
  const isActive = memberId && (await tx.existsBy(Member, { id: memberId, status: 'ACTIVE' }));
  return isActive ? memberId : null;
}

type Asked = Pick<
  ConsentRequest,
  'memberId' | 'partnerId' | 'scopes' | 'purpose' | 'createdAt' | 'expiresAt'
>;

/** @returns whether it was asked */
async function ask(tx: Database, asked: Asked): Promise<boolean> {
  const { memberId, partnerId, scopes, purpose, createdAt: at, expiresAt } = asked;
  const pair = { memberId, partnerId };
  const given = await tx.findOneBy(Consent, { ...pair, revokedAt: IsNull() });
  if (given && scopes.every((scope) => given.scopes.includes(scope))) return false;

  const fresh = { ...asked, id: randomUUID(), answer: null, answeredAt: null };
  if (!(await insertOnce(tx, ConsentRequest, fresh, ['memberId', 'partnerId']))) {
    const last = await tx.findOneOrFail(ConsentRequest, {
      where: pair,
      lock: { mode: 'for_no_key_update' },
    });
    if (isOpen(last, at)) {
      await tx.update(ConsentRequest, { id: last.id }, { scopes, purpose, expiresAt });
      return true;
    }
    if (last.answer === 'DECLINED' && at.getTime() < last.answeredAt!.getTime() + restMs)
      return false;
    await tx.update(ConsentRequest, { id: last.id }, fresh);
  }
  // The member alone is told: to tell the partner, too, would be to say that the member exists.
  await emit(tx, {
    type: 'consent.requested',
    memberId,
    payload: { memberId, requestedBy: partnerId, requestId: fresh.id },
    occurredAt: at,
  });
  return true;
}

function isOpen({ answer, expiresAt }: ConsentRequest, at: Date): boolean {
  return answer === null && expiresAt > at;
}

const declined = z.object({ id });

/**
 * Declines what a partner asked for, which is not told of it. Again: nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND also for another member's; CONFLICT it was granted; EXPIRED
 */
export async function declineConsentRequest(
  db: Database,
  input: z.input<typeof declined>,
  { memberId, clock }: { memberId: string; clock: Clock },
): Promise<Member> {
  const { id: requestId } = parseInput(declined, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const request = await tx.findOne(ConsentRequest, {
      where: { id: requestId, memberId },
      lock: { mode: 'for_no_key_update' },
    });
    if (!request) throw new Refusal('NOT_FOUND', 'There is no such request.', ['id']);
    if (request.answer === 'GRANTED') {
      throw new Refusal('CONFLICT', 'The consent was given.', ['id']);
    }
    if (request.answer === null) {
      if (!isOpen(request, at)) throw new Refusal('EXPIRED', 'The request is over.', ['id']);
      await tx.update(ConsentRequest, { id: requestId }, { answer: 'DECLINED', answeredAt: at });
    }
    return tx.findOneByOrFail(Member, { id: memberId });
  });
}

/** Answers what a partner has asked a member for: the member has let it do something. */
export async function answerRequest(
  tx: Database,
  pair: Pick<ConsentRequest, 'memberId' | 'partnerId'>,
  at: Date,
): Promise<void> {
  const open = { ...pair, answer: IsNull(), expiresAt: MoreThan(at) };
  await tx.update(ConsentRequest, open, { answer: 'GRANTED', answeredAt: at });
}

/** The open requests of these members, the last asked first. */
export function openRequestsOf(
  db: Database,
  memberIds: string[],
  at: Date,
): Promise<ConsentRequest[]> {
  return db.find(ConsentRequest, {
    where: { memberId: In(memberIds), answer: IsNull(), expiresAt: MoreThan(at) },
    order: { createdAt: 'DESC', id: 'DESC' },
  });
}
