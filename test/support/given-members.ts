import { randomUUID } from 'node:crypto';
import { type Accrual, accruePoints, openPartner } from '../../ledger/index.ts';
import type { ConsentScope } from '../../platform/contract.generated.ts';
import type { Message } from '../../platform/mail.ts';
import { grantConsent } from '../../subgraphs/members/consents.ts';
import { enrolMember, verifyEmail } from '../../subgraphs/members/enrolment.ts';
import type { TestDatabase } from './database.ts';

/** An active member, with points that the issuer gave them at the instant. @returns the id */
export async function givenMember(
  test: TestDatabase,
  points = 0n,
  issuerId: string = randomUUID(),
  at: Date = new Date(),
): Promise<string> {
  const id = await givenMemberAt(test, `${randomUUID()}@example.com`, at);
  if (points > 0n) await givenPoints(test, { memberId: id, points, issuerId, at });
  return id;
}

/** An active member of this address, enrolled as members are. @returns the id */
export async function givenMemberAt(
  test: TestDatabase,
  email: string,
  at: Date = new Date(),
): Promise<string> {
  const db = test.db('members');
  const sent: Message[] = [];
  const mail = (message: Message) => Promise.resolve(void sent.push(message));
  const { verificationId } = await enrolMember(db, mail, { email, displayName: 'Ada', at });
  const { id } = await verifyEmail(db, { verificationId, code: codeIn(sent[0]!), at });
  return id;
}

/** The code in an enrolment's mail. */
export function codeIn({ text }: Message): string {
  return /\b\d{6}\b/.exec(text)![0];
}

/** Points that the issuer gave the member. The issuer need not be a partner that exists. */
async function givenPoints(
  test: TestDatabase,
  given: Pick<Accrual, 'memberId' | 'points' | 'issuerId' | 'at'>,
): Promise<void> {
  await openPartner(test.db('partners'), given.issuerId);
  await accruePoints(test.db('partners'), {
    ...given,
    key: randomUUID(),
    issuePrice: '0.0100',
    source: { kind: 'activity', id: randomUUID() },
    description: 'Purchase',
    effectiveAt: given.at,
  });
}

/** A live consent of the member to a partner that exists. */
export async function givenConsent(
  test: TestDatabase,
  memberId: string,
  partnerId: string,
  scopes: ConsentScope[] = ['READ_BALANCE', 'READ_PROFILE', 'EARN', 'SPEND'],
): Promise<void> {
  await grantConsent(test.db('members'), { memberId, partnerId, scopes, at: new Date() });
}
