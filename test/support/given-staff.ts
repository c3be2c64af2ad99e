import { createHash } from 'node:crypto';
import { databaseClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import type { StaffRole } from '../../platform/roles.ts';
import { scopesOf } from '../../platform/scopes.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Staff } from '../../subgraphs/members/staff/entities.ts';
import { inviteStaff } from '../../subgraphs/members/staff/invitations.ts';
import type { TestDatabase } from './database.ts';
import { keptMail } from './mail.ts';
import { linkIn } from './people.ts';
import { adminViewer } from './subgraph.ts';

/** Staff of the coalition that may do everything. */
export const administrator = (): Viewer => adminViewer(scopesOf('ADMIN'));

interface GivenPerson {
  email: string;
  role: StaffRole;
  partnerId?: string | undefined;
  locale?: string | undefined;
}

/** A person who was invited as staff are, and the link that they got. */
export async function givenInvitedPerson(
  test: TestDatabase,
  { email, role, partnerId, locale }: GivenPerson,
): Promise<{ staff: Staff; link: string }> {
  const mail = keptMail();
  const staff = await inviteStaff(
    test.db('members'),
    { email, name: 'Sam Sample', role, partnerId, locale },
    {
      viewer: administrator(),
      clock: databaseClock,
      mail,
      config: { issuer: 'http://localhost:4000/identity', embeddedIssuer: true },
    },
  );
  return { staff, link: linkIn(mail.sent[0]!.text) };
}

/** A person of the staff who has taken their invitation up. @returns their id */
export async function givenStaff(test: TestDatabase, person: GivenPerson): Promise<string> {
  const { staff, link } = await givenInvitedPerson(test, person);
  const token = new URL(link).searchParams.get('token')!;
  await rows(test.db('identity'), 'SELECT members.accept_staff_invitation($1)', [
    createHash('sha256').update(token).digest(),
  ]);
  return staff.id;
}
