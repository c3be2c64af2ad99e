/**
 * What members are told, in their language: by the type of the event, or what the calendar brought. No
 * word of another person stands in them, or strangers could send theirs.
 */

/** What a notice is made of. */
export interface Notice {
  memberId: string;
  /** Names the words. */
  template: string;
  args: Readonly<Record<string, string>>;
}

/** What is shown of it. */
export interface Words {
  title: string;
  body: string;
}

type Template = (args: Notice['args'], locale: string) => Words;

const english: Record<string, Template> = {
  'member.enrolled': () => ({
    title: 'Welcome',
    body: 'You are a member now: from today on you collect points at every brand of the coalition.',
  }),
  'reward.redeemed': () => ({
    title: 'Your reward is ready',
    body: 'Thank you for redeeming your points. You find the reward, with its code where it has one, among your redemptions.',
  }),
  'redemption.cancelled': () => ({
    title: 'Your redemption was cancelled',
    body: 'The points are back where they came from.',
  }),
  'household.spent': () => ({
    title: 'Your household spent points',
    body: 'Some of them are yours: your statement tells how many. You decide whether the household may spend your points, and may leave it at any time.',
  }),
  'household.refunded': () => ({
    title: 'Points of the household are back',
    body: 'What it was redeemed for was cancelled: your part of the points is yours again.',
  }),
  'household.left': () => ({
    title: 'You are not in the household any more',
    body: 'Your points stay yours, and nobody else spends them from now on.',
  }),
};

const german: typeof english = {
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
};

/** By language, of BCP 47; the first is for everybody who speaks none of them. */
export const languages: Readonly<Record<string, typeof english>> = { en: english, de: german };

/** Where a click leads, from the application's root. */
const links: Record<string, (args: Notice['args']) => string> = {
  'member.enrolled': () => '/',
  'reward.redeemed': ({ redemptionId }) => `/redemptions/${redemptionId}`,
  'redemption.cancelled': ({ redemptionId }) => `/redemptions/${redemptionId}`,
  'household.spent': () => '/household',
  'household.refunded': () => '/household',
  'household.left': () => '/household',
};

/** The words of a notice in the language of a locale, in English where there are none in it. */
export function wordsOf({ template, args }: Notice, locale: string): Words {
  const language = new Intl.Locale(locale).language;
  const words = languages[language]?.[template] ?? english[template];
  if (!words) throw new Error(`There are no words for ${template}.`);
  return words(args, locale);
}

/** Null where it leads nowhere. */
export function linkOf({ template, args }: Notice): string | null {
  return links[template]?.(args) ?? null;
}
