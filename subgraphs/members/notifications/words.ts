/**
 * What members are told, in their language: by the type of the event, or what the calendar brought. No
 * word of another person stands in them, or strangers could send theirs.
 */

import type { Templates, Words } from './formats.ts';
import { german } from './words-de.ts';
import { english } from './words-en.ts';

/** What a notice is made of. */
export interface Notice {
  memberId: string;
  /** Names the words. */
  template: string;
  args: Readonly<Record<string, string>>;
}

/** By language, of BCP 47; the first is for everybody who speaks none of them. */
export const languages: Readonly<Record<string, Templates>> = { en: english, de: german };

/** Where a click leads, from the application's root. */
const links: Record<string, (args: Notice['args']) => string> = {
  'member.enrolled': () => '/',
  'member.birthday': () => '/',
  'member.anniversary': () => '/',
  'points.expiring': () => '/points',
  'balance.monthly': () => '/points',
  'offer.started': ({ offerId }) => `/offers/${offerId}`,
  'reward.redeemed': ({ redemptionId }) => `/redemptions/${redemptionId}`,
  'redemption.cancelled': ({ redemptionId }) => `/redemptions/${redemptionId}`,
  'tier.changed': () => '/tier',
  'points.transferred': () => '/points',
  'transfer.held': () => '/points',
  'transfer.denied': () => '/points',
  'transfer.expired': () => '/points',
  'spending.allowed': () => '/rewards',
  'spending.denied': () => '/points',
  'conversion.reversed': () => '/points',
  'points.adjusted': () => '/points',
  'claim.granted': ({ claimId }) => `/claims/${claimId}`,
  'claim.rejected': ({ claimId }) => `/claims/${claimId}`,
  'member.suspended': () => '/profile',
  'member.reinstated': () => '/profile',
  'identifier.linked': () => '/profile',
  'export.ready': () => '/profile',
  'household.spent': () => '/household',
  'household.refunded': () => '/household',
  'household.left': () => '/household',
  'referral.rewarded': () => '/points',
};

/** The words of a notice in the language of a locale, in English where there are none in it. */
export function wordsOf({ memberId, template, args }: Notice, locale: string): Words {
  const language = new Intl.Locale(locale).language;
  const words = languages[language]?.[template] ?? english[template];
  if (!words) throw new Error(`There are no words for ${template}.`);
  return words({ ...args, memberId }, locale);
}

/** Null where it leads nowhere. */
export function linkOf({ template, args }: Notice): string | null {
  return links[template]?.(args) ?? null;
}
