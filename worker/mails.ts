import { type Database, rows } from '../platform/database.ts';
import type { Mail } from '../platform/mail.ts';
import { wordsOf } from '../subgraphs/members/notifications/words.ts';
import { staffWords } from '../subgraphs/members/staff/words.ts';

/** A mail that is due: without an address where it is not to go any more. */
interface DueMail {
  id: string;
  email: string | null;
  locale: string;
  template: string;
  args: Record<string, string>;
}

/** How mails to some people are taken, put into words, and tried again. */
interface Post<Due extends DueMail> {
  takeSql: string;
  wordsOf(due: Due): { title: string; body: string };
  retrySql: string;
}

interface Sending {
  atOnce: number;
  mayGoOn: () => boolean;
}

const toMembers: Post<DueMail & { memberId: string }> = {
  takeSql:
    'SELECT id, member_id AS "memberId", email, locale, template, args FROM members.take_mail()',
  wordsOf: (notice) => wordsOf(notice, notice.locale),
  retrySql: 'SELECT members.retry_mail($1)',
};

const toStaff: Post<DueMail> = {
  takeSql: 'SELECT id, email, locale, template, args FROM members.take_staff_mail()',
  wordsOf: ({ template, args, locale }) => staffWords(template, args, locale),
  retrySql: 'SELECT members.retry_staff_mail($1)',
};

/** Sends members' notices that go by e-mail, as `sendAll` does. @returns how many it took */
export function mailNotices(db: Database, mail: Mail, sending: Sending): Promise<number> {
  return sendAll(sending, () => sendNext(db, mail, toMembers));
}

/** Sends what staff is told by e-mail, as `sendAll` does. @returns how many it took */
export function mailStaff(db: Database, mail: Mail, sending: Sending): Promise<number> {
  return sendAll(sending, () => sendNext(db, mail, toStaff));
}

/**
 * Sends mails, several at once, as long as some are due and it may go on. Each is taken by itself, so that a
 * worker that ends loses those that are under way, and no other.
 *
 * @returns how many it took
 */
async function sendAll(
  { atOnce, mayGoOn }: Sending,
  next: () => Promise<boolean>,
): Promise<number> {
  let taken = 0;
  const sendOn = async () => {
    while (mayGoOn() && (await next())) taken++;
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, sendOn));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return taken;
}

/**
 * Sends the next mail that is due. One that the mail server does not take is tried again later.
 *
 * @returns whether there was one
 */
async function sendNext<Due extends DueMail>(
  db: Database,
  mail: Mail,
  post: Post<Due>,
): Promise<boolean> {
  const [due] = await rows<Due>(db, post.takeSql);
  if (!due?.email) return due !== undefined;
  const { title, body } = post.wordsOf(due);
  const sent = await mail.deliver({ to: due.email, subject: title, text: `${body}\n` });
  if (!sent) await rows(db, post.retrySql, [due.id]);
  return true;
}
