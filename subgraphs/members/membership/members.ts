import { randomInt, randomUUID } from 'node:crypto';
import { type Database, insertOnce, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { Member } from './entities.ts';

/** The address as it is compared: one membership for each. */
export function emailKeyOf(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** A name that says nothing of its bearer. */
export function plainName(): string {
  return `Member ${randomInt(1_000, 10_000)}`;
}

/** A new number for a card: 16 digits, the last by Luhn, and no member's yet. */
export async function drawMemberNumber(tx: Database): Promise<string> {
  const [drawn] = await rows<{ number: string }>(
    tx,
    'SELECT members.draw_member_number() AS number',
  );
  return drawn!.number;
}

const drawsMax = 5;

/** What a member starts with. */
export type NewMember = Pick<
  Member,
  'displayName' | 'emailVerifiedAt' | 'locale' | 'marketingOptIn' | 'joinedAt'
> & { email: string; sandbox?: boolean };

/**
 * Makes the address's one member, or finds the one that it has.
 *
 * @param draw gives the member numbers to try
 */
export async function insertMember(
  tx: Database,
  values: NewMember,
  draw: (tx: Database) => Promise<string> = drawMemberNumber,
): Promise<{ member: Member; isNew: boolean }> {
  const emailKey = emailKeyOf(values.email);
  for (let draws = 0; draws < drawsMax; draws++) {
    const drawn = tx.create(Member, {
      sandbox: false,
      ...values,
      id: randomUUID(),
      emailKey,
      memberNumber: await draw(tx),
      status: 'ACTIVE',
    });
    const isNew = await insertOnce(tx, Member, drawn);
    const member = await tx.findOneBy(Member, { emailKey });
    if (member) return { member, isNew };
    // Neither new nor there: another has drawn the same number in the meantime.
  }
  throw new Error('No free member number was drawn.');
}

/**
 * The member's row, for the member to change it: others that do wait for the commit.
 *
 * @throws Refusal MEMBER_INACTIVE
 */
export async function lockActive(tx: Database, memberId: string): Promise<Member> {
  const member = await lockMember(tx, memberId);
  if (member?.status === 'ACTIVE') return member;
  throw new Refusal('MEMBER_INACTIVE', 'This account is not active.');
}

/** The member's row, which others that change it wait for; null where there is none. */
export function lockMember(tx: Database, id: string): Promise<Member | null> {
  return tx.findOne(Member, { where: { id }, lock: { mode: 'for_no_key_update' } });
}

/**
 * Locks members' rows in the order of their ids, as everybody does who locks several: what they do and
 * what is done to them waits for the transaction's end. Rows that refer to them are still written.
 *
 * @returns the members that there are
 */
export function lockMembers(tx: Database, ids: string[]): Promise<Member[]> {
  return tx
    .createQueryBuilder(Member, 'member')
    .where('member.id = ANY (:ids)', { ids })
    .orderBy('member.id')
    .setLock('for_no_key_update')
    .getMany();
}
