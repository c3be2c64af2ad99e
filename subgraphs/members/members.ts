import { randomInt, randomUUID } from 'node:crypto';
import { type Database, rows } from '../../platform/database.ts';
import { badInput } from '../../platform/errors.ts';
import { Member } from './entities.ts';
import type { MemberRef } from './types.generated.ts';

/** The address as it is compared: one membership for each. */
export function emailKeyOf(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/**
 * A new number for a card: 16 digits, the last by Luhn. It starts with 9, which no payment network
 * issues, so that nobody takes it for a payment card's.
 */
export function drawMemberNumber(): string {
  const digits = `9${String(randomInt(10 ** 14)).padStart(14, '0')}`;
  // From the right, the first digit before the check digit counts double.
  const sum = Array.from(digits, Number)
    .reverse()
    .reduce((total, digit, index) => {
      const value = index % 2 === 0 ? digit * 2 : digit;
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const drawsMax = 5;

/** What a member starts with. */
export type NewMember = Pick<
  Member,
  'displayName' | 'email' | 'emailVerifiedAt' | 'locale' | 'marketingOptIn' | 'joinedAt'
>;

/**
 * Makes the address's one member, or finds the one that it has.
 *
 * @param draw gives the member numbers to try
 */
export async function insertMember(
  tx: Database,
  values: NewMember,
  draw: () => string = drawMemberNumber,
): Promise<{ member: Member; isNew: boolean }> {
  const emailKey = emailKeyOf(values.email);
  for (let draws = 0; draws < drawsMax; draws++) {
    const id = randomUUID();
    // A concurrent insert of the same address is waited for here; then the member is there to find.
    const inserted = await tx
      .createQueryBuilder()
      .insert()
      .into(Member)
      .values({ ...values, id, emailKey, memberNumber: draw(), status: 'ACTIVE', sandbox: false })
      .orIgnore()
      .returning('id')
      .execute();
    const isNew = (inserted.raw as unknown[]).length > 0;
    const member = await tx.findOneBy(Member, { emailKey });
    if (member) return { member, isNew };
    // Neither new nor there: the number was taken.
  }
  throw new Error('No free member number was drawn.');
}

/**
 * The member whom a reference names, in the caller's half of the world: sandbox or live.
 *
 * @returns the member's id, or null
 * @throws GraphQLError BAD_USER_INPUT where not exactly one field is set
 */
export async function resolveMember(
  db: Database,
  by: MemberRef,
  { partnerId, sandbox }: { partnerId: string | null; sandbox: boolean },
): Promise<string | null> {
  if (Object.values(by).filter((value) => value != null).length !== 1) {
    throw badInput('by: exactly one field must be set.');
  }
  const [found] = await rows<{ id: string | null }>(
    db,
    'SELECT members.resolve($1, $2, $3) AS id',
    [by, partnerId, sandbox],
  );
  return found!.id;
}
