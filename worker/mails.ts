import { type Database, rows } from '../platform/database.ts';
import type { Mail } from '../platform/mail.ts';
import { type Notice, wordsOf } from '../subgraphs/members/notifications/words.ts';

interface DueMail extends Notice {
  id: string;
  email: string;
  locale: string;
}

/**
 * Sends the next notices that go by e-mail, one after the other. One that the mail server does not take
 * is tried again later.
 *
 * @returns how many were taken to be sent
 */
export async function mailNotices(db: Database, mail: Mail, max: number): Promise<number> {
  const due = await rows<DueMail>(
    db,
    'SELECT id, member_id AS "memberId", email, locale, template, args FROM members.take_mails($1)',
    [max],
  );
  for (const notice of due) {
    const { title, body } = wordsOf(notice, notice.locale);
    const sent = await mail.deliver({ to: notice.email, subject: title, text: `${body}\n` });
    if (!sent) await rows(db, 'SELECT members.retry_mail($1)', [notice.id]);
  }
  return due.length;
}
