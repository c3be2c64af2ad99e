import { brands } from './brands.ts';
import type { Brand } from './brand.ts';
import { type Moment, weeksMax } from './calendar.ts';
import { founders, names } from './names.ts';
import { Random } from './random.ts';

export interface Person {
  email: string;
  displayName: string;
  locale: string;
  marketingOptIn: boolean;
  joined: Moment;
  /** What they let brands do; at each of these they buy. */
  consents: Consent[];
  /** How often they buy in a year. */
  purchases: number;
  /** How likely they are to redeem, in a fortnight in which they could: savers are near 0. */
  spends: number;
}

interface Consent {
  brand: Brand;
  scopes: string[];
}

const peopleMax = 200;

/** The members, in the order in which they joined: first those whose names are known. */
export function makePeople(): Person[] {
  const random = new Random(20_260_101);
  const found = founders.map((name, index) => founder(random, name, index));
  const later = namesOf(random, peopleMax - founders.length);
  const joins = later.map(() => joinOf(random)).sort((a, b) => b.weeksAgo - a.weeksAgo);
  return [
    ...found,
    ...later.map(({ displayName, locale }, index) => ({
      email: addressOf(displayName),
      displayName,
      locale,
      marketingOptIn: random.chance(0.35),
      joined: joins[index]!,
      consents: consentsOf(random),
      // A few buy every other day, most now and then.
      purchases: 2 + Math.floor(64 * random.next() ** 4),
      spends: random.chance(0.3) ? 0.03 : 0.3,
    })),
  ];
}

/** They were there from the start. Ada buys everywhere and saves; Grace buys as much and spends it. */
function founder(random: Random, name: string, index: number): Person {
  const isBusy = index < 2;
  return {
    email: addressOf(name),
    displayName: name,
    locale: 'en-GB',
    marketingOptIn: isBusy,
    joined: { weeksAgo: weeksMax, day: 1 + Math.floor(index / 5), hour: 9, minute: 30 },
    consents: isBusy ? brands.map((brand) => ({ brand, scopes: allScopes })) : consentsOf(random),
    purchases: isBusy ? 60 : 8 + random.below(30),
    spends: index === 0 ? 0.05 : 0.3,
  };
}

const allScopes = ['READ_BALANCE', 'READ_PROFILE', 'EARN', 'SPEND'];

/** One brand to six, the often visited ones more likely; most let the brand see the balance. */
function consentsOf(random: Random): Consent[] {
  const count = random.weighted(
    [1, 2, 3, 4, 5, 6],
    (brandCount) => [4, 7, 6, 4, 2, 1][brandCount - 1]!,
  );
  const left = [...brands];
  return Array.from({ length: count }, () => {
    const brand = random.weighted(left, ({ customers }) => customers.visits + 8);
    left.splice(left.indexOf(brand), 1);
    const scopes = allScopes.filter(
      (scope) => scope === 'EARN' || random.chance(shareWhoGive[scope]!),
    );
    return { brand, scopes };
  });
}

const shareWhoGive: Record<string, number> = { READ_BALANCE: 0.7, READ_PROFILE: 0.3, SPEND: 0.85 };

/** More in the first months than later; on the coalition's Saturdays in town, one every two weeks. */
function joinOf(random: Random): Moment {
  const sinceStart = 2 * Math.floor((weeksMax / 2 - 2) * random.next() ** 1.4);
  return { weeksAgo: weeksMax - sinceStart, day: 6, hour: 11, minute: 30 };
}

function namesOf(random: Random, count: number): { displayName: string; locale: string }[] {
  const found = new Map<string, string>();
  while (found.size < count) {
    const { locale, first, last } = random.weighted(names, ({ share }) => share);
    found.set(`${random.pick(first)} ${random.pick(last)}`, locale);
  }
  return [...found].map(([displayName, locale]) => ({ displayName, locale }));
}

/** `emile.vertpre@example.com` for Émile Vertpré. */
function addressOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae');
  return `${plain.toLowerCase().replaceAll(' ', '.')}@example.com`;
}
