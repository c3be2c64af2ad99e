import { databaseClock } from '../../platform/clock.ts';
import { limits } from '../../platform/limits.ts';
import type { Message } from '../../platform/mail.ts';
import { Member } from '../../subgraphs/members/membership/entities.ts';
import { createHousehold } from '../../subgraphs/members/households/households.ts';
import { inviteToHousehold } from '../../subgraphs/members/households/invitations.ts';
import { joinHousehold } from '../../subgraphs/members/households/joining.ts';
import type { TestDatabase } from './database.ts';
import { keptMail } from './mail.ts';

/** A household of these members, the first its owner. @returns its id */
export async function givenHousehold(
  test: TestDatabase,
  [ownerId, ...others]: [string, ...string[]],
  clock = databaseClock,
): Promise<string> {
  const db = test.db('members');
  const owner = { memberId: ownerId, clock };
  const { id } = await createHousehold(db, { name: 'Home' }, owner);
  for (const memberId of others) {
    const invitation = await givenInvitation(test, ownerId, memberId, clock);
    await joinHousehold(db, { invitation }, { memberId, clock, limits });
  }
  return id;
}

/** An invitation of the member into the owner's household. @returns what the mail holds */
export async function givenInvitation(
  test: TestDatabase,
  ownerId: string,
  memberId: string,
  clock = databaseClock,
): Promise<string> {
  const db = test.db('members');
  const { email } = await db.findOneByOrFail(Member, { id: memberId });
  const mail = keptMail();
  await inviteToHousehold(db, { email: email! }, { memberId: ownerId, clock, mail, limits });
  return invitationIn(mail.sent[0]!);
}

/** The invitation in a mail into a household. */
export function invitationIn({ text }: Pick<Message, 'text'>): string {
  return /^Your invitation: (\S+)$/m.exec(text)![1]!;
}
