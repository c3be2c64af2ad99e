import { z } from 'zod';
import { dayOf } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { parseInput, phone, title } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import { Program } from '../program/entities.ts';
import { Member } from './entities.ts';
import { lockActive, plainName } from './members.ts';

/** A language, BCP 47, in its canonical spelling. */
export const locale = z
  .string()
  .max(35, 'has 35 characters at most')
  .transform((tag, context) => {
    try {
      return Intl.getCanonicalLocales(tag)[0]!;
    } catch {
      context.addIssue({ code: 'custom', message: 'is no BCP 47 language tag' });
      return z.NEVER;
    }
  });

const profile = z.object({
  displayName: title.nullish(),
  givenName: title.nullish(),
  familyName: title.nullish(),
  phone: phone.nullish(),
  birthday: z
    .string()
    .refine((day) => day >= '1900', 'must not be before 1900')
    .nullish(),
  locale: locale.nullish(),
  marketingOptIn: z.boolean().nullish(),
  showLevel: z.boolean().nullish(),
});

/** What an emptied field is: as after an enrolment with an address alone. */
const emptied = {
  displayName: plainName,
  givenName: () => null,
  familyName: () => null,
  phone: () => null,
  birthday: () => null,
  locale: () => 'en',
  marketingOptIn: () => false,
  showLevel: () => true,
} as const satisfies { [Field in keyof z.output<typeof profile>]-?: () => Member[Field] };

/**
 * Changes what the member tells of themselves. What is left out stays, null empties a field. The same
 * again changes nothing.
 *
 * @throws Refusal INVALID with the path of the field at fault; MEMBER_INACTIVE
 */
export async function updateProfile(
  db: Database,
  input: z.input<typeof profile>,
  { memberId, clock }: { memberId: string; clock: Clock },
): Promise<Member> {
  const told = parseInput(profile, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const [program] = await tx.find(Program);
    if (told.birthday && told.birthday > dayOf(at, program!.timeZone)) {
      throw new Refusal('INVALID', 'birthday: must not be in the future.', ['birthday']);
    }
    const member = await lockActive(tx, memberId);
    const changes = Object.fromEntries(
      Object.entries(told)
        .filter(([, value]) => value !== undefined)
        .map(([field, value]) => [field, value ?? emptied[field as keyof typeof emptied]()])
        .filter(([field, value]) => member[field as keyof Member] !== value),
    ) as Partial<Member>;
    if (Object.keys(changes).length === 0) return member;
    await tx.update(Member, { id: memberId }, changes);
    await emit(tx, {
      type: 'member.changed',
      memberId,
      payload: { memberId },
      occurredAt: at,
    });
    return Object.assign(member, changes);
  });
}
