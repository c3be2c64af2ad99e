import { brands } from './brands.ts';
import { type Moment, isBefore } from './calendar.ts';
import type { Person } from './people.ts';
import { type PostText, posts } from './posts.ts';
import type { Purchase } from './purchases.ts';
import { Random } from './random.ts';
import type { Redemption } from './redemptions.ts';
import { type ReviewText, brandReviews, rewardReviews } from './reviews.ts';

/** A review, with its writer and its time. */
export interface Review {
  person: Person;
  /** A reward's SKU, or a brand's code. */
  about: string;
  text: ReviewText;
  at: Moment;
}

/** A post, with its writer and its time. */
export interface Post {
  person: Person;
  text: PostText;
  at: Moment;
}

/** Reviews of rewards by those who redeemed them, the following Saturday; each by somebody else. */
export function reviewsOfRewards(redemptions: Redemption[]): Review[] {
  return Object.entries(rewardReviews).flatMap(([about, texts]) => {
    const first = new Map<Person, Review>();
    for (const { person, reward, at } of redemptions) {
      if (reward.sku !== about || first.size === texts.length || first.has(person)) continue;
      // Of the last fortnight there is no Saturday yet.
      if (at.weeksAgo === 0) continue;
      const text = texts[first.size]!;
      first.set(person, { person, about, text, at: { ...at, day: 6, hour: 11, minute: 0 } });
    }
    return [...first.values()];
  });
}

/** Reviews of brands by those who bought there three times in the first year, some time in the last. */
export function reviewsOfBrands(people: Person[], purchases: Purchase[]): Review[] {
  const random = new Random(104_729);
  return brands.flatMap((brand) => {
    const visits = purchases.filter((each) => each.brand === brand && each.at.weeksAgo > 52);
    const visitors = visits.map(({ person }) => person);
    const regulars = people.filter(
      (person) => visitors.filter((visitor) => visitor === person).length >= 3,
    );
    return brandReviews[brand.code]!.map((text) => {
      const [person] = regulars.splice(random.below(regulars.length), 1) as [Person];
      const at = { weeksAgo: 1 + random.below(50), day: 7, hour: 16, minute: 0 };
      return { person, about: brand.code, text, at };
    });
  });
}

/** The posts, one after the other through the two years. The last is Ada's. */
export function makePosts(people: Person[]): Post[] {
  const random = new Random(15_485_863);
  return posts.map((text, index) => {
    const at = {
      weeksAgo: Math.round(((posts.length - 1 - index) * 98) / posts.length) + 1,
      day: 3,
      hour: 19,
      minute: 0,
    };
    const members = people.filter(({ joined }) => isBefore(joined, at));
    const person = index === posts.length - 1 ? people[0]! : random.pick(members);
    return { person, text, at };
  });
}
