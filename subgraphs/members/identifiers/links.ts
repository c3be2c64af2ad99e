import { randomUUID } from 'node:crypto';
import { IsNull, MoreThan, Not } from 'typeorm';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { codeHash, isCode, newCode } from '../../../platform/codes.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  cardToken,
  email,
  id,
  key,
  memberNumber,
  parseInput,
  phone,
} from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import type { TextMessage, Texts } from '../../../platform/texts.ts';
import { requireLivePartner } from '../consents/consents.ts';
import { type Member, PartnerAccount } from '../membership/entities.ts';
import { lockActive } from '../membership/members.ts';
import { Identifier } from './entities.ts';
import { identifiersOf } from './lists.ts';
import { type Proven, lockOwner, lockValue, own, unproven } from './ownership.ts';
import { requireProof } from './proofs.ts';
import type { MemberIdentifier } from './rows.ts';

const proof = z.string().max(4_000, 'must have 4000 characters at most');
const noPartner = z.null('goes with accounts and cards only').optional();
const byPartner = { partnerId: id, proof: proof.nullish() };

const linking = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('PHONE'), value: phone, partnerId: noPartner, proof: noPartner }),
  z.object({ kind: z.literal('PARTNER_ACCOUNT'), value: key, ...byPartner }),
  z.object({ kind: z.literal('PAYMENT_CARD'), value: cardToken, ...byPartner }),
  z.object({ kind: z.literal('MEMBER_NUMBER'), value: memberNumber }),
  z.object({ kind: z.literal('EMAIL'), value: email }),
  z.object({ kind: z.literal('WALLET_TOKEN'), value: z.string() }),
]);

const minute = 60_000;
const codeMs = 15 * minute;
const proofMs = 24 * 60 * minute;
const triesMax = 5;
/** What waits and what is proven, of one member. */
const identifiersMax = 50;
/** Links that one member starts, and codes that one phone gets, within an hour. */
const startsMax = 10;
const textsMax = 5;
const windowMs = 60 * minute;

/** The member who links, and what it takes. */
interface Linker {
  memberId: string;
  clock: Clock;
  /** The graph's, which proofs are made for. */
  audience: string;
}

interface Linked {
  identifier: MemberIdentifier;
  member: Member;
}

/**
 * Links something that the member is to be found by: at once with a partner's proof, with
 * `confirmIdentifier` otherwise. What the member has already is given again.
 *
 * @param texts takes the code for a phone over after the commit
 * @throws Refusal INVALID; NOT_ALLOWED what cannot be linked; NOT_FOUND no such partner that is LIVE;
 *   MEMBER_INACTIVE; EXPIRED the proof; CONFLICT another member has it; LIMIT_REACHED
 */
export async function linkIdentifier(
  db: Database,
  input: z.input<typeof linking>,
  { memberId, clock, audience, texts }: Linker & { texts: Texts },
): Promise<Linked> {
  const asked = parseInput(linking, input);
  if (asked.kind === 'MEMBER_NUMBER' || asked.kind === 'EMAIL' || asked.kind === 'WALLET_TOKEN') {
    throw new Refusal('NOT_ALLOWED', 'This comes with the membership.', ['kind']);
  }
  const { kind, value, partnerId = null } = asked;
  const linked = { kind, value, partnerId };
  const code = newCode();
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const member = asked.proof
      ? await lockOwner(tx, memberId, linked)
      : await lockActive(tx, memberId);
    const known = await findOwn(tx, memberId, linked, at);
    if (known) return { identifier: known, member };
    if (partnerId) await requireLivePartner(tx, partnerId);
    await requireRoom(tx, memberId, linked, at);
    if (asked.proof && partnerId) {
      const claimed = { ...linked, partnerId, sandbox: member.sandbox, audience };
      await requireProof(tx, asked.proof, claimed, { at, path: ['proof'] });
      return answer(tx, member, await own(tx, member, linked, { at }), at);
    }
    return answer(tx, member, await keepWaiting(tx, member, linked, { code, at }), at);
  }).then(({ identifier, member }) => {
    if (kind === 'PHONE' && !identifier.verifiedAt) texts.send(codeText(value, code));
    return { identifier, member };
  });
}

/** What the member has proven already. */
async function findOwn(
  tx: Database,
  memberId: string,
  { kind, value, partnerId }: Proven,
  at: Date,
): Promise<MemberIdentifier | undefined> {
  const all = await identifiersOf(tx, [memberId], at);
  return all.find(
    (each) =>
      each.verifiedAt &&
      each.kind === kind &&
      each.value === value &&
      (kind !== 'PARTNER_ACCOUNT' || each.partnerId === partnerId),
  );
}

async function answer(tx: Database, member: Member, id: string, at: Date): Promise<Linked> {
  const all = await identifiersOf(tx, [member.id], at);
  return { identifier: all.find((each) => each.id === id)!, member };
}

/** @throws Refusal LIMIT_REACHED the member has too many, or asks too often, or the phone got too much */
async function requireRoom(
  tx: Database,
  memberId: string,
  { kind, value }: Proven,
  at: Date,
): Promise<void> {
  const since = MoreThan(new Date(at.getTime() - windowMs));
  const started = { linkedAt: since, expiresAt: Not(IsNull()) };
  if (kind === 'PHONE') await lockValue(tx, { kind, value, partnerId: null });
  for (const [limit, count] of [
    [identifiersMax, tx.countBy(Identifier, { memberId })],
    [identifiersMax, tx.countBy(PartnerAccount, { memberId })],
    [startsMax, tx.countBy(Identifier, { memberId, ...started })],
    [kind === 'PHONE' ? textsMax : Infinity, tx.countBy(Identifier, { kind, value, ...started })],
  ] as const) {
    if ((await count) < limit) continue;
    throw new Refusal('LIMIT_REACHED', 'Too many were linked, or too fast.', ['value'], {
      limit: String(limit),
    });
  }
}

/** Keeps what is to be proven; where the same waits already, it waits no more. @returns its id */
async function keepWaiting(
  tx: Database,
  { id: memberId, sandbox }: Member,
  linked: Proven,
  { code, at }: { code: string; at: Date },
): Promise<string> {
  const isPhone = linked.kind === 'PHONE';
  await tx.update(
    Identifier,
    { memberId, ...unproven(linked), expiresAt: MoreThan(at) },
    { expiresAt: at },
  );
  const id = randomUUID();
  await tx.insert(Identifier, {
    ...linked,
    id,
    memberId,
    sandbox,
    codeHash: isPhone ? codeHash(id, code) : null,
    linkedAt: at,
    expiresAt: new Date(at.getTime() + (isPhone ? codeMs : proofMs)),
    verifiedAt: null,
  });
  return id;
}

function codeText(to: string, code: string): TextMessage {
  return { to, text: `${code} is your code. It links this phone to your membership.` };
}

const confirmation = z.object({ id, code: proof.min(1, 'is needed') });

/**
 * Proves what waits to be proven: a phone by the code that it got, all else by the partner's proof.
 * The same again gives the same.
 *
 * @param db not a transaction: a wrong try counts even though it is refused
 * @throws Refusal NOT_FOUND the member has linked no such thing; EXPIRED; INVALID a wrong code or
 *   proof; LIMIT_REACHED five were tried; CONFLICT another member has it; MEMBER_INACTIVE
 */
export async function confirmIdentifier(
  db: Database,
  input: z.input<typeof confirmation>,
  { memberId, clock, audience }: Linker,
): Promise<Linked> {
  const { id: linkedId, code } = parseInput(confirmation, input);
  const at = await clock.now(db);
  const waiting = await countTry(db, { id: linkedId, memberId }, at);
  if (waiting) await requireCode(db, waiting, { code, at, audience });
  return transaction(db, async (tx) => {
    const member = waiting
      ? await lockOwner(tx, memberId, waiting)
      : await lockActive(tx, memberId);
    const ownId = waiting ? await own(tx, member, waiting, { id: linkedId, at }) : linkedId;
    return answer(tx, member, ownId, at);
  });
}

/**
 * Counts a try before it is judged, in one statement of its own, as for `verifyEmail`.
 *
 * @returns what waits; null where it is proven already
 */
async function countTry(
  db: Database,
  key: { id: string; memberId: string },
  at: Date,
): Promise<Identifier | null> {
  const counted = await db
    .createQueryBuilder()
    .update(Identifier)
    .set({ attempts: () => 'attempts + 1' })
    .where('id = :id AND member_id = :memberId AND attempts < :triesMax AND expires_at > :at', {
      ...key,
      triesMax,
      at,
    })
    .execute();
  const found = await db.findOneBy(Identifier, key);
  if (found?.verifiedAt || (!found && (await db.existsBy(PartnerAccount, key)))) return null;
  if (!found) throw noSuch();
  if (counted.affected === 1) return found;
  if (found.expiresAt! <= at)
    throw new Refusal('EXPIRED', 'It waited for too long: link it again.', ['id']);
  const limit = String(triesMax);
  throw new Refusal('LIMIT_REACHED', 'Too many were tried: link it again.', ['id'], { limit });
}

async function requireCode(
  db: Database,
  { id, kind, value, sandbox, partnerId, codeHash: kept }: Identifier,
  { code, at, audience }: { code: string; at: Date; audience: string },
): Promise<void> {
  const path = ['code'];
  if (partnerId) {
    await requireProof(db, code, { kind, value, sandbox, partnerId, audience }, { at, path });
  } else if (!isCode(kept, id, code)) {
    throw new Refusal('INVALID', 'This is not the code that the phone got.', path);
  }
}

const unlinking = z.object({ id: z.string().max(128, 'must have 128 characters at most') });

/**
 * Lets the member be found by it no more. The number and the address come with the membership.
 *
 * @throws Refusal NOT_FOUND the member has no such thing; NOT_ALLOWED it stays; MEMBER_INACTIVE
 */
export async function unlinkIdentifier(
  db: Database,
  input: z.input<typeof unlinking>,
  { memberId, clock }: Pick<Linker, 'memberId' | 'clock'>,
): Promise<Member> {
  const { id: linkedId } = parseInput(unlinking, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const member = await lockActive(tx, memberId);
    const found = (await identifiersOf(tx, [memberId], at)).find((each) => each.id === linkedId);
    if (!found) throw noSuch();
    if (found.kind === 'MEMBER_NUMBER' || found.kind === 'EMAIL') {
      throw new Refusal('NOT_ALLOWED', 'This stays with the membership.', ['id']);
    }
    if (found.verifiedAt) {
      await tx.delete(Identifier, { id: linkedId });
      await tx.delete(PartnerAccount, { id: linkedId });
      await emit(tx, {
        type: 'identifier.unlinked',
        memberId,
        payload: { memberId, identifierId: linkedId },
        occurredAt: at,
      });
    } else {
      // It is over, and still counts: who unlinks and links again gets no more tries, and no more texts.
      await tx.update(Identifier, { id: linkedId }, { expiresAt: at });
    }
    return member;
  });
}

function noSuch(): Refusal {
  return new Refusal('NOT_FOUND', 'You have linked no such thing.', ['id']);
}
