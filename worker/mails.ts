import { type Database, rows } from '../platform/database.ts';
import type { Mail } from '../platform/mail.ts';
import { type Notice, wordsOf } from '../subgraphs/members/notifications/words.ts';

interface DueMail extends Notice {
  id: string;
  email: string | null;
  locale: string;
}

/**
 * Sends the next notice that goes by e-mail. One that the mail server does not take is tried again later.
 *
 * @returns 1, or 0 where none is due
 */
export async function mailNotice(db: Database, mail: Mail): Promise<number> {
  const [notice] = await rows<DueMail>(
    db,
    'SELECT id, member_id AS "memberId", email, locale, template, args FROM members.take_mail()',
  );
  if (!notice) return 0;
  if (!notice.email) return 1;
  const { title, body } = wordsOf(notice, notice.locale);
  const sent = await mail.deliver({ to: notice.email, subject: title, text: `${body}\n` });
  if (!sent) await rows(db, 'SELECT members.retry_mail($1)', [notice.id]);
  return 1;
}
