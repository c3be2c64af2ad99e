import type { Message } from '../../platform/mail.ts';
import { anonymous } from '../../platform/viewer.ts';
import type { Person } from '../demo/people.ts';
import { type GraphClient, admin, memberViewer } from './operations.ts';

/** What the seed makes members with. */
interface Joining {
  graph: GraphClient;
  /** By brand's code. */
  partnerIds: ReadonlyMap<string, string>;
  mails: Mails;
}

/** The last mail to each address: where the codes are. */
export class Mails {
  private readonly texts = new Map<string, string>();

  send({ to, text }: Message): void {
    this.texts.set(to, text);
  }

  deliver(message: Message): Promise<boolean> {
    this.send(message);
    return Promise.resolve(true);
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  forget(addresses: readonly string[]): Promise<void> {
    for (const address of addresses) this.texts.delete(address);
    return Promise.resolve();
  }

  codeTo(address: string): string | undefined {
    return /\b\d{6}\b/.exec(this.texts.get(address) ?? '')?.[0];
  }

  invitationTo(address: string): string | undefined {
    return /^Your invitation: (\S+)$/m.exec(this.texts.get(address) ?? '')?.[1];
  }
}

/** Enrols a person, who lets brands do what they let them. @returns the member's id */
export async function join(joining: Joining, person: Person): Promise<string> {
  const memberId = await enrol(joining, person);
  const { graph, partnerIds } = joining;
  const consents = person.consents.map(({ brand, scopes }) => ({
    partnerId: partnerIds.get(brand.code)!,
    scopes,
  }));
  await graph.changeEach(memberViewer(memberId), 'grantConsent', consents);
  return memberId;
}

async function enrol({ graph, mails }: Joining, person: Person): Promise<string> {
  const { email, displayName, locale, marketingOptIn } = person;
  const input = { email, displayName, locale, marketingOptIn };
  const verificationId = await graph.change<string>(anonymous, 'enrol', { input });
  const code = mails.codeTo(email);
  // Who is a member already gets a mail without a code: an earlier run came so far.
  if (!code) return findMember(graph, email);
  const { id } = await graph.change(anonymous, 'verifyEmail', { input: { verificationId, code } });
  return id;
}

async function findMember(graph: GraphClient, email: string): Promise<string> {
  const find = 'query ($email: String) { member(by: { email: $email }) { id } }';
  const { member } = await graph.ask<{ member: { id: string } }>(admin, find, { email });
  return member.id;
}
