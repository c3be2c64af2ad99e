import type { Brand, Reward } from './brand.ts';
import { brands } from './brands.ts';
import { type Moment, lotWeeks, weeksMax } from './calendar.ts';
import type { Person } from './people.ts';
import { type Purchase, reportWeekOf } from './purchases.ts';
import { Random } from './random.ts';

export interface Redemption {
  person: Person;
  reward: Reward;
  at: Moment;
}

/**
 * What the members spend points on, oldest first.
 *
 * Everyone has a reward in mind, and takes it some time after they have the points. They count on the
 * points that a brand gives at least, and have not expired, so that nobody spends what they have not.
 */
export function makeRedemptions(people: Person[], purchases: Purchase[]): Redemption[] {
  const rewards = brands.flatMap((brand) => brand.rewards);
  const random = new Random(65_537);
  const left = new Map(rewards.map((reward) => [reward, reward.stock ?? Infinity]));
  const savings = people.map((person) => ({
    person,
    own: purchases.filter((purchase) => purchase.person === person),
    lots: [] as Lot[],
    goal: random.weighted(rewards, wish),
  }));
  const made: Redemption[] = [];
  for (let weeksAgo = weeksMax - 2; weeksAgo >= 0; weeksAgo -= 2) {
    for (const saving of savings) {
      const { person, own, goal } = saving;
      saving.lots = saving.lots.filter((lot) => lot.weeksAgo - weeksAgo <= lotWeeks);
      saving.lots.push({ weeksAgo, points: pointsReported(own, weeksAgo) });
      if (pointsOf(saving.lots) < goal.points || !random.chance(person.spends) || !left.get(goal)) {
        continue;
      }
      take(saving.lots, goal.points);
      left.set(goal, left.get(goal)! - 1);
      made.push({ person, reward: goal, at: { weeksAgo, day: 1, hour: 18, minute: 0 } });
      saving.goal = random.weighted(rewards, wish);
    }
  }
  return made;
}

/** Points that were reported in a week, as far as they are not spent. */
interface Lot {
  weeksAgo: number;
  points: number;
}

function pointsOf(lots: Lot[]): number {
  return lots.reduce((sum, { points }) => sum + points, 0);
}

/** Takes points from the oldest lots. */
function take(lots: Lot[], points: number): void {
  let rest = points;
  for (const lot of lots) {
    const taken = Math.min(rest, lot.points);
    lot.points -= taken;
    rest -= taken;
  }
}

/** The cheaper, the more people want it next. */
function wish({ points }: Reward): number {
  return points ** -0.6;
}

/** What a person can count on in the end: what came in time, at least, less all that was ever spent. */
export function pointsLeft(
  person: Person,
  purchases: Purchase[],
  redemptions: Redemption[],
): number {
  const own = purchases.filter((purchase) => purchase.person === person);
  const spent = redemptions.filter((redemption) => redemption.person === person);
  const weeks = Array.from({ length: lotWeeks + 1 }, (_, weeksAgo) => weeksAgo);
  return (
    weeks.reduce((sum, weeksAgo) => sum + pointsReported(own, weeksAgo), 0) -
    spent.reduce((sum, { reward }) => sum + reward.points, 0)
  );
}

/** What a person's purchases that are reported in a week earn at least. */
function pointsReported(own: Purchase[], weeksAgo: number): number {
  return own
    .filter((purchase) => reportWeekOf(purchase) === weeksAgo)
    .reduce((sum, { amount, brand }) => sum + pointsAtLeast(amount, brand), 0);
}

function pointsAtLeast(amount: string, { customers }: Brand): number {
  return Math.floor(Math.floor(Number(amount)) * customers.pointsAtLeast);
}
