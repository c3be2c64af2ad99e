import { brands } from './brands.ts';
import type { Reward } from './brand.ts';
import type { Moment } from './calendar.ts';
import type { Person } from './people.ts';

/** Members who spend together. */
export interface Family {
  name: string;
  owner: Person;
  others: Person[];
  founded: Moment;
  /** What they have together, and the owner alone has not. */
  reward: Reward;
  /** After all else that members redeem: it takes points that nobody counts on any more. */
  redeemed: Moment;
}

/** Katherine buys little, Radia saves, and Margaret has never redeemed anything. */
export function makeFamily(people: Person[]): Family {
  const [owner, ...others] = ['Katherine', 'Radia', 'Margaret'].map((name) =>
    people.find(({ displayName }) => displayName === name)!,
  );
  const rewards = brands.flatMap((brand) => brand.rewards);
  return {
    name: 'The house by the lake',
    owner: owner!,
    others,
    founded: { weeksAgo: 30, day: 7, hour: 19, minute: 0 },
    reward: rewards.find(({ sku }) => sku === 'HOTEL-NIGHT')!,
    redeemed: { weeksAgo: 0, day: 1, hour: 20, minute: 0 },
  };
}
