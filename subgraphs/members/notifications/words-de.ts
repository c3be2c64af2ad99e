import { type Templates, day, figure } from './formats.ts';

export const german: Templates = {
  'member.enrolled': () => ({
    title: 'Willkommen',
    body: 'Sie sind jetzt Mitglied: Ab heute sammeln Sie Punkte bei jeder Marke des Verbunds.',
  }),
  'reward.redeemed': () => ({
    title: 'Ihre Prämie ist bereit',
    body: 'Danke, dass Sie Ihre Punkte eingelöst haben. Die Prämie, mit ihrem Code, wo sie einen hat, finden Sie unter Ihren Einlösungen.',
  }),
  'redemption.cancelled': () => ({
    title: 'Ihre Einlösung wurde storniert',
    body: 'Die Punkte sind wieder da, wo sie herkamen.',
  }),
  'household.spent': () => ({
    title: 'Ihr Haushalt hat Punkte eingelöst',
    body: 'Einige davon sind Ihre: Ihr Kontoauszug sagt, wie viele. Sie entscheiden, ob der Haushalt Ihre Punkte einlösen darf, und können ihn jederzeit verlassen.',
  }),
  'household.refunded': () => ({
    title: 'Punkte des Haushalts sind zurück',
    body: 'Die Einlösung wurde storniert: Ihr Teil der Punkte gehört wieder Ihnen.',
  }),
  'household.left': () => ({
    title: 'Sie sind nicht mehr im Haushalt',
    body: 'Ihre Punkte bleiben Ihre, und niemand sonst löst sie von jetzt an ein.',
  }),
  'referral.rewarded': () => ({
    title: 'Danke für die Empfehlung',
    body: 'Sie haben Punkte dafür bekommen. Ihr Kontoauszug sagt, wie viele.',
  }),
  'tier.changed': () => ({
    title: 'Sie haben einen anderen Status',
    body: 'Ihr Status hat sich geändert. Ihr Profil sagt, welcher es jetzt ist, bis wann, und was zum nächsten fehlt.',
  }),
  'points.transferred': ({ memberId, toMemberId }) =>
    memberId === toMemberId
      ? {
          title: 'Sie haben Punkte bekommen',
          body: 'Ein anderes Mitglied hat Ihnen Punkte gegeben. Ihr Kontoauszug sagt, wer, und wie viele.',
        }
      : {
          title: 'Ihre Punkte sind unterwegs',
          body: 'Sie haben einem anderen Mitglied Punkte gegeben. Wenn Sie es nicht waren, sagen Sie es uns sofort.',
        },
  'transfer.held': () => ({
    title: 'Wir sehen uns Ihre Übertragung erst an',
    body: 'Die Punkte liegen bereit, bis jemand sie angesehen hat. Sie müssen nichts tun.',
  }),
  'transfer.denied': () => ({
    title: 'Ihre Übertragung wurde nicht ausgeführt',
    body: 'Die Punkte gehören wieder Ihnen.',
  }),
  'transfer.expired': () => ({
    title: 'Ihre Übertragung wurde nicht ausgeführt',
    body: 'Niemand hat rechtzeitig darüber entschieden. Die Punkte gehören wieder Ihnen.',
  }),
  'spending.allowed': () => ({
    title: 'Sie können Ihre Punkte jetzt einlösen',
    body: 'Wir haben uns angesehen, was Sie einlösen wollten. Bitte lösen Sie es noch einmal ein.',
  }),
  'spending.denied': () => ({
    title: 'Ihre Punkte wurden nicht eingelöst',
    body: 'Wir haben uns angesehen, was Sie einlösen wollten, und können es nicht ausführen. Ihre Punkte gehören weiter Ihnen.',
  }),
  'conversion.reversed': () => ({
    title: 'Ihre Punkte sind zurück',
    body: 'Das andere Programm hat die Punkte nicht angenommen, die Sie umgetauscht haben.',
  }),
  'points.adjusted': () => ({
    title: 'Ihre Punkte wurden berichtigt',
    body: 'Ihr Kontoauszug sagt, um wie viele.',
  }),
  'claim.granted': () => ({
    title: 'Ihre fehlenden Punkte sind da',
    body: 'Was Ihnen gefehlt hat, steht jetzt unter Ihren Aktivitäten. Ihre Meldung führt dorthin.',
  }),
  'claim.rejected': () => ({
    title: 'Ihre Meldung wurde abgelehnt',
    body: 'Jemand hat sich die Punkte angesehen, die Ihnen fehlen. Ihre Meldung sagt, warum es sie nicht geben kann.',
  }),
  'member.suspended': () => ({
    title: 'Ihr Konto ist gesperrt',
    body: 'Sie behalten Ihre Punkte, können aber vorerst keine sammeln und keine einlösen. Schreiben Sie uns, wenn Sie nicht wissen, warum.',
  }),
  'member.reinstated': () => ({
    title: 'Ihr Konto ist wieder offen',
    body: 'Sie können Punkte sammeln und einlösen wie zuvor.',
  }),
  'identifier.linked': () => ({
    title: 'Etwas Neues gehört zu Ihrem Konto',
    body: 'Sie sind nun auch an dem zu erkennen, was eben verknüpft wurde. Wenn Sie es nicht waren, sagen Sie es uns sofort.',
  }),
  'export.ready': () => ({
    title: 'Ihre Daten liegen bereit',
    body: 'Das Dokument, das Sie angefordert haben, mit allem, was wir über Sie wissen, finden Sie sieben Tage lang in Ihrem Profil. Wenn Sie es nicht waren, sagen Sie es uns sofort.',
  }),
  'member.birthday': () => ({
    title: 'Alles Gute zum Geburtstag',
    body: 'Das wünschen Ihnen die Marken des Verbunds.',
  }),
  'member.anniversary': ({ years }, locale) => ({
    title: 'Danke',
    body: `Heute sind Sie ${years === '1' ? 'ein Jahr' : `${figure(years, locale)} Jahre`} Mitglied.`,
  }),
  'points.expiring': ({ points, currency, on }, locale) => ({
    title: 'Punkte verfallen bald',
    body: `${figure(points, locale)} Ihrer Punkte (${currency}) können Sie zuletzt am ${day(on, locale)} einlösen.`,
  }),
  'offer.started': () => ({
    title: 'Ein neues Angebot für Sie',
    body: 'Eine Marke, bei der Sie Punkte sammeln, gibt eine Zeit lang mehr davon. Sehen Sie es sich an: Manches Angebot zählt erst, wenn Sie es aktiviert haben.',
  }),
  'balance.monthly': ({ points, currency }, locale) => ({
    title: 'Ihre Punkte',
    body: `Sie haben ${figure(points, locale)} Punkte zum Einlösen (${currency}).`,
  }),
};
