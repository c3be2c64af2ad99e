import { type Database, rows } from '../platform/database.ts';
import type { Mail } from '../platform/mail.ts';
import { type Notice, wordsOf } from '../subgraphs/members/notifications/words.ts';

interface DueMail extends Notice {
  id: string;
  email: string | null;
  locale: string;
}

/**
 * Sends notices that go by e-mail, several at once, as long as some are due and it may go on. Each is taken
 * by itself, so that a worker that ends loses those that are under way, and no other.
 *
 * @returns how many it took
 */
export async function mailNotices(
  db: Database,
  mail: Mail,
  { atOnce, mayGoOn }: { atOnce: number; mayGoOn: () => boolean },
): Promise<number> {
  let taken = 0;
  const sendOn = async () => {
    while (mayGoOn() && (await mailNotice(db, mail))) taken++;
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, sendOn));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return taken;
}

/**
 * Sends the next notice that goes by e-mail. One that the mail server does not take is tried again later.
 *
 * @returns whether there was one
 */
async function mailNotice(db: Database, mail: Mail): Promise<boolean> {
  const [notice] = await rows<DueMail>(
    db,
    'SELECT id, member_id AS "memberId", email, locale, template, args FROM members.take_mail()',
  );
  if (!notice?.email) return notice !== undefined;
  const { title, body } = wordsOf(notice, notice.locale);
  const sent = await mail.deliver({ to: notice.email, subject: title, text: `${body}\n` });
  if (!sent) await rows(db, 'SELECT members.retry_mail($1)', [notice.id]);
  return true;
}
