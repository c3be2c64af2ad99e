/**
 * What staff is told by e-mail, in their language: by the type of the event, and when they are invited. No word
 * that a person wrote stands in it, or strangers could send theirs.
 */

import { type Templates, type Words, day, money, month } from '../notifications/formats.ts';

const english: Templates = {
  'staff.invited': ({ link }) => ({
    title: 'You are invited',
    body: `You are invited to work with the coalition's loyalty program.\n\nOpen this page to set up your sign-in; it is good once, for 72 hours:\n\n${link}\n\nIf you do not know why, ignore this mail.`,
  }),
  'statement.issued': ({ partner, month: first, net, currency, dueOn }, locale) => {
    const amount = money(unsigned(net!), currency!, locale);
    const by = day(dueOn, locale);
    return {
      title: `Statement of ${month(first, locale)} for ${partner}`,
      body: Number(net)
        ? `${Number(net) > 0 ? `${partner} owes the coalition` : `The coalition owes ${partner}`} ${amount}, due on ${by}. You have 30 days to dispute it.`
        : 'Nothing is owed on either side.',
    };
  },
  'dispute.decided': ({ partner, month: first, upheld }, locale) => ({
    title: `Your dispute of ${month(first, locale)} was decided`,
    body:
      upheld === 'true'
        ? `What ${partner} disputed was upheld: the statement stays as it is, and the next one credits it.`
        : `What ${partner} disputed was refused: it is due again. The statement says why.`,
  }),
  'credit.alerted': ({ partner, alertAt, currency, billing }, locale) => {
    const amount = money(alertAt!, currency!, locale);
    return {
      title: `${partner} has reached ${amount}`,
      body:
        billing === 'PREPAID'
          ? `${partner} has used points of its blocks worth ${amount} or more, where the contract lets us tell you. When none are left, no more are issued.`
          : `${partner} owes ${amount} or more, where the contract lets us tell you. Beyond its credit limit, where it has one, no more points are issued.`,
    };
  },
};

const german: Templates = {
  'staff.invited': ({ link }) => ({
    title: 'Sie sind eingeladen',
    body: `Sie sind eingeladen, am Bonusprogramm des Verbunds mitzuarbeiten.\n\nÖffnen Sie diese Seite, um Ihre Anmeldung einzurichten; sie gilt einmal, 72 Stunden lang:\n\n${link}\n\nWenn Sie nicht wissen, warum, beachten Sie diese Nachricht nicht.`,
  }),
  'statement.issued': ({ partner, month: first, net, currency, dueOn }, locale) => {
    const amount = money(unsigned(net!), currency!, locale);
    const by = day(dueOn, locale);
    return {
      title: `Abrechnung ${month(first, locale)} für ${partner}`,
      body: Number(net)
        ? `${Number(net) > 0 ? `${partner} schuldet dem Verbund` : `Der Verbund schuldet ${partner}`} ${amount}, fällig am ${by}. Sie haben 30 Tage, um ihr zu widersprechen.`
        : 'Keine Seite schuldet der anderen etwas.',
    };
  },
  'dispute.decided': ({ partner, month: first, upheld }, locale) => ({
    title: `Über Ihren Widerspruch zu ${month(first, locale)} ist entschieden`,
    body:
      upheld === 'true'
        ? `Dem Widerspruch von ${partner} wurde stattgegeben: Die Abrechnung bleibt, wie sie ist, und die nächste schreibt es gut.`
        : `Der Widerspruch von ${partner} wurde abgelehnt: Der Betrag ist wieder fällig. Die Abrechnung sagt, warum.`,
  }),
  'credit.alerted': ({ partner, alertAt, currency, billing }, locale) => {
    const amount = money(alertAt!, currency!, locale);
    return {
      title: `${partner} hat ${amount} erreicht`,
      body:
        billing === 'PREPAID'
          ? `${partner} hat aus seinen Blöcken Punkte für ${amount} oder mehr verbraucht; so will es der Vertrag gemeldet haben. Sind keine mehr da, werden keine mehr ausgegeben.`
          : `${partner} schuldet ${amount} oder mehr; so will es der Vertrag gemeldet haben. Über dem Kreditrahmen, wo es einen gibt, werden keine Punkte mehr ausgegeben.`,
    };
  },
};

/** By language, of BCP 47; the first is for everybody who speaks none of them. */
const languages: Readonly<Record<string, Templates>> = { en: english, de: german };

/** The words of a mail in the language of a locale, in English where there are none in it. */
export function staffWords(
  template: string,
  args: Readonly<Record<string, string>>,
  locale: string,
): Words {
  const words = (languages[new Intl.Locale(locale).language] ?? english)[template];
  if (!words) throw new Error(`There are no words for ${template}.`);
  return words(args, locale);
}

function unsigned(amount: string): string {
  return amount.replace(/^-/, '');
}
