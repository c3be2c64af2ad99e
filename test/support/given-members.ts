import { randomUUID } from 'node:crypto';
import { accruePoints, openPartner } from '../../ledger/index.ts';
import { SetClock, databaseClock } from '../../platform/clock.ts';
import type { ConsentScope } from '../../platform/contract.generated.ts';
import type { Message } from '../../platform/mail.ts';
import { grantConsent } from '../../subgraphs/members/consents/consents.ts';
import { enrolMember, verifyEmail } from '../../subgraphs/members/membership/enrolment.ts';
import { enrolProvisional } from '../../subgraphs/partners/activities/members.ts';
import type { TestDatabase } from './database.ts';
import { anAccrual } from './given-points.ts';
import { keptMail } from './mail.ts';

/** An active member, with points that the issuer gave them at the instant. @returns the id */
export async function givenMember(
  test: TestDatabase,
  points = 0n,
  issuerId: string = randomUUID(),
  at: Date = new Date(),
): Promise<string> {
  const id = await givenMemberAt(test, `${randomUUID()}@example.com`, at);
  if (points > 0n) {
    // The issuer need not be a partner that exists.
    await openPartner(test.db('partners'), issuerId);
    const accrual = anAccrual({ memberId: id, points, issuerId, effectiveAt: at, at });
    await accruePoints(test.db('partners'), accrual);
  }
  return id;
}

/** An active member of this address, enrolled as members are. @returns the id */
export async function givenMemberAt(
  test: TestDatabase,
  email: string,
  at: Date = new Date(),
): Promise<string> {
  const db = test.db('members');
  const mail = keptMail();
  const clock = new SetClock(at);
  const { verificationId } = await enrolMember(db, { email, displayName: 'Ada' }, { clock, mail });
  const { id } = await verifyEmail(db, { verificationId, code: codeIn(mail.sent[0]!) }, { clock });
  return id;
}

/** A provisional member behind the partner's account. @returns the id */
export async function givenProvisional(
  test: TestDatabase,
  partnerId: string,
  account: string,
  sandbox = false,
): Promise<string> {
  const asked = { partnerId, sandbox, at: new Date() };
  const [holder] = await enrolProvisional(test.db('partners'), [account], asked);
  return holder!.memberId;
}

/** The code in a mail: eight digits to sign in, six for everything else. */
export function codeIn({ text }: Message): string {
  return /\b\d{6}(\d\d)?\b/.exec(text)![0];
}

/** A live consent of the member to a partner that exists. */
export async function givenConsent(
  test: TestDatabase,
  memberId: string,
  partnerId: string,
  scopes: ConsentScope[] = ['READ_BALANCE', 'READ_PROFILE', 'EARN', 'SPEND'],
): Promise<void> {
  const giver = { memberId, clock: databaseClock };
  await grantConsent(test.db('members'), { partnerId, scopes }, giver);
}
