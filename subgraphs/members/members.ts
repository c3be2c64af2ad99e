import { randomInt, randomUUID } from 'node:crypto';
import { type Database, insertOnce } from '../../platform/database.ts';
import { Member } from './entities.ts';

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
  'displayName' | 'emailVerifiedAt' | 'locale' | 'marketingOptIn' | 'joinedAt'
> & { email: string };

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
    const drawn = tx.create(Member, {
      ...values,
      id: randomUUID(),
      emailKey,
      memberNumber: draw(),
      status: 'ACTIVE',
      sandbox: false,
    });
    const isNew = await insertOnce(tx, Member, drawn);
    const member = await tx.findOneBy(Member, { emailKey });
    if (member) return { member, isNew };
    // Neither new nor there: the number was taken.
  }
  throw new Error('No free member number was drawn.');
}
