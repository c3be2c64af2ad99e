import { Temporal } from 'temporal-polyfill';
import { dayOf, weekTimeOf } from '../../platform/calendar.ts';
import { brands } from '../../scripts/demo/brands.ts';
import {
  type Moment,
  calendarOf,
  expiryMonths,
  isBefore,
  lotWeeks,
} from '../../scripts/demo/calendar.ts';
import { makeDemo } from '../../scripts/demo/demo.ts';
import { makeReports } from '../../scripts/demo/purchases.ts';
import { brandReviews, rewardReviews } from '../../scripts/demo/reviews.ts';

const zone = 'Europe/Berlin';
const demo = makeDemo();

describe('the demo', () => {
  it('is the same at each call', () => {
    expect(JSON.stringify(makeDemo())).toBe(JSON.stringify(demo));
  });

  it('has the size that newcomers are told of', () => {
    expect(brands).toHaveLength(6);
    expect(new Set(demo.people.map(({ email }) => email)).size).toBe(200);
    expect(demo.people[0]).toMatchObject({ email: 'ada@example.com', displayName: 'Ada' });
    expect(demo.purchases.length).toBeGreaterThan(3_000);
    const skus = brands.flatMap(({ rewards }) => rewards.map(({ sku }) => sku));
    expect([skus.length, new Set(skus).size]).toEqual([41, 41]);
    expect(demo.posts.length).toBeGreaterThan(25);
  });

  it('finds a writer for each review, one who has what it is about', () => {
    const texts = [...Object.values(rewardReviews), ...Object.values(brandReviews)].flat();
    expect(demo.reviews.map(({ text }) => text)).toEqual(texts);
    const writers = demo.reviews.map(({ about, person }) => `${about} ${person.email}`);
    expect(new Set(writers).size).toBe(texts.length);
    for (const { about, person, at } of demo.reviews) {
      const had = demo.redemptions.filter(({ reward }) => reward.sku === about);
      const visits = demo.purchases.filter(({ brand }) => brand.code === about);
      const own = [...had, ...visits].filter((each) => each.person === person);
      expect(own.some((each) => isBefore(each.at, at))).toBe(true);
    }
  });

  it('lets nobody buy before they joined, nor where they have not consented', () => {
    for (const { person, brand, at } of demo.purchases) {
      expect(isBefore(person.joined, at)).toBe(true);
      expect(person.consents.map((consent) => consent.brand)).toContain(brand);
    }
  });

  it('lets a family of three pay for what one of them could not, after all else', () => {
    const { family, people, purchases, redemptions } = demo;
    const members = [family.owner, ...family.others];
    expect(new Set(members).size).toBe(3);
    for (const person of members) {
      expect(people).toContain(person);
      expect(isBefore(person.joined, family.founded)).toBe(true);
    }
    for (const { at } of redemptions) expect(isBefore(at, family.redeemed)).toBe(true);
    // Of what cannot have expired by then, at the fewest points for money.
    const earned = (person: (typeof people)[number]) =>
      purchases
        .filter((each) => each.person === person && each.at.weeksAgo < lotWeeks)
        .reduce(
          (sum, { amount, brand }) =>
            sum + Math.floor(Math.floor(Number(amount)) * brand.customers.pointsAtLeast),
          0,
        );
    const spent = (person: (typeof people)[number]) =>
      redemptions
        .filter((each) => each.person === person)
        .reduce((sum, { reward }) => sum + reward.points, 0);
    const left = members.map((person) => Math.max(0, earned(person) - spent(person)));
    expect(left[0]).toBeLessThan(family.reward.points);
    expect(left.reduce((a, b) => a + b)).toBeGreaterThan(family.reward.points);
  });

  it('has points open at the till of every brand, of members who let it and have them', () => {
    expect([...new Set(demo.holds.map(({ brand }) => brand))]).toEqual(brands);
    for (const { person, brand } of demo.holds) {
      expect(person).not.toBe(demo.people[0]);
      const consent = person.consents.find((each) => each.brand === brand);
      expect(consent?.scopes).toContain('SPEND');
      expect(demo.farewells.some((f) => f.person === person && f.brand === brand)).toBe(false);
    }
    // The seed fails where one has not enough: no till is let hold more than there is.
    expect(new Set(demo.holds.map(({ reference }) => reference)).size).toBe(demo.holds.length);
  });

  it('reports every purchase once, after it was made', () => {
    const reported = makeReports(demo.purchases);
    expect(reported.flatMap(({ purchases }) => purchases)).toHaveLength(demo.purchases.length);
    const late = reported.flatMap(({ at, purchases }) =>
      purchases.filter((p) => isBefore(at, p.at)),
    );
    expect(late).toEqual([]);
  });

  // Days of the week from Monday on, a new year's night, and the days on which clocks are changed.
  it.each([
    '2026-11-16T00:01:00Z',
    '2026-11-17T12:00:00Z',
    '2026-11-18T12:00:00Z',
    '2026-11-19T12:00:00Z',
    '2026-11-20T12:00:00Z',
    '2026-11-21T23:30:00Z',
    '2026-11-22T12:00:00Z',
    '2027-01-01T00:00:00Z',
    '2027-03-28T01:30:00Z',
    '2027-10-31T00:30:00Z',
  ])('falls on the same days of the week and hours when it is made at %s', (now) => {
    const calendar = calendarOf(new Date(now), zone);

    const moments: Moment[] = [
      ...demo.people.map(({ joined }) => joined),
      demo.family.founded,
      demo.family.redeemed,
      ...[demo.purchases, demo.redemptions, demo.reviews, demo.posts, demo.farewells].flatMap(
        (events) => events.map(({ at }) => at),
      ),
    ];
    const wrong = moments.filter((moment) => {
      const instant = calendar(moment);
      const { dayOfWeek, hour } = weekTimeOf(instant, zone);
      return instant > new Date(now) || dayOfWeek !== moment.day || hour !== moment.hour;
    });
    expect(wrong).toEqual([]);
    // Of points, those of the same reports have expired.
    const today = Temporal.PlainDate.from(dayOf(new Date(now), zone));
    const ages = new Set(makeReports(demo.purchases).map(({ at }) => at.weeksAgo));
    for (const weeksAgo of ages) {
      const reported = dayOf(calendar({ weeksAgo, day: 1, hour: 4, minute: 0 }), zone);
      const lastDay = Temporal.PlainDate.from(reported).add({ months: expiryMonths });
      const isOver = Temporal.PlainDate.compare(today, lastDay) > 0;
      expect([weeksAgo, isOver]).toEqual([weeksAgo, weeksAgo > lotWeeks]);
    }
    const last = calendar({ weeksAgo: 0, day: 1, hour: 4, minute: 0 });
    const daysAgo = (Date.parse(now) - Date.parse(dayOf(last, zone))) / 86_400_000;
    expect(daysAgo).toBeLessThan(9);
  });
});
