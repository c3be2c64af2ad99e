import type { Brand, Deed } from './brand.ts';
import { type Moment, weeksMax } from './calendar.ts';
import type { Person } from './people.ts';
import { Random } from './random.ts';

export interface Purchase {
  person: Person;
  brand: Brand;
  reference: string;
  /** In the brand's currency, exact. */
  amount: string;
  at: Moment;
  /** Where the random numbers of what is particular to it start: they change nothing else. */
  start: number;
}

/** What the members bought in the two years. */
export function makePurchases(people: Person[]): Purchase[] {
  return people.flatMap(purchasesOf);
}

/** A person's own numbers: another person more or less changes nobody's purchases. */
function purchasesOf(person: Person, index: number): Purchase[] {
  const random = new Random(7_919 * (index + 1));
  const weeks = person.joined.weeksAgo - 1;
  const count = Math.max(1, Math.round((person.purchases * weeks) / 52));
  return Array.from({ length: count }, (_, n) => {
    // Each brand once, then those that are visited often.
    const { brand } =
      person.consents[n] ?? random.weighted(person.consents, (each) => each.brand.customers.visits);
    return {
      person,
      brand,
      reference: `${brand.code}-${String(index + 1).padStart(3, '0')}-${n + 1}`,
      amount: amountAt(brand, random),
      at: visitTo(brand, weeks, random),
      start: 104_729 * (index + 1) + n,
    };
  });
}

/** What a purchase is, where the brand sells something of its own kind. */
export function deedOf({ brand, start }: Purchase, day: string): Deed {
  return brand.deed?.(new Random(start), day) ?? { kind: 'PURCHASE' };
}

/** Mostly near the lower end, to the cent. */
function amountAt({ customers: { from, to } }: Brand, random: Random): string {
  const cents = 100 * from + (to - from) * 100 * random.next() ** 2.6;
  return (Math.floor(cents) / 100).toFixed(2);
}

/** A time when the brand is open, in one of so many last weeks; more often in its busy ones. */
function visitTo({ customers: { hours, season } }: Brand, weeks: number, random: Random): Moment {
  const busyness = (weeksAgo: number) =>
    1 + season.height * Math.cos((2 * Math.PI * (weeksAgo - season.peak)) / 52);
  let weeksAgo = 1 + random.below(weeks);
  // Of quiet weeks, some are drawn again.
  while (!random.chance(busyness(weeksAgo) / (1 + season.height))) {
    weeksAgo = 1 + random.below(weeks);
  }
  const [first, last] = hours;
  return {
    weeksAgo,
    day: 1 + random.below(7),
    hour: first + random.below(last - first + 1),
    minute: random.below(60),
  };
}

/** What a brand tells of, and when: its purchases of some weeks, on the Monday after them. */
export interface Report {
  brand: Brand;
  at: Moment;
  purchases: Purchase[];
}

/** All reports, the oldest first. No two are at the same time, or points would have no order. */
export function makeReports(purchases: Purchase[]): Report[] {
  const byKey = new Map<string, Report>();
  const codes = [...new Set(purchases.map(({ brand }) => brand.code))].sort();
  for (const purchase of purchases) {
    const { brand } = purchase;
    const weeksAgo = reportWeekOf(purchase);
    const minute = 5 * codes.indexOf(brand.code);
    const key = `${String(weeksMax - weeksAgo).padStart(3, '0')} ${String(minute).padStart(2, '0')}`;
    const report = byKey.get(key) ?? {
      brand,
      at: { weeksAgo, day: 1, hour: 4, minute },
      purchases: [],
    };
    byKey.set(key, report);
    report.purchases.push(purchase);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, report]) => report);
}

/** The week on whose Monday a purchase is reported. */
export function reportWeekOf({ at: { weeksAgo }, brand }: Purchase): number {
  const { reportWeeks } = brand.customers;
  return Math.floor((weeksAgo - 1) / reportWeeks) * reportWeeks;
}
