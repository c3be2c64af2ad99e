import {
  type Post,
  type Review,
  makePosts,
  reviewsOfBrands,
  reviewsOfRewards,
} from './contributions.ts';
import type { Brand } from './brand.ts';
import type { Moment } from './calendar.ts';
import { type Family, makeFamily } from './family.ts';
import { type Hold, makeHolds } from './holds.ts';
import { type Person, makePeople } from './people.ts';
import { type Purchase, makePurchases } from './purchases.ts';
import { type Redemption, makeRedemptions } from './redemptions.ts';

/** All that happens in the demo's two years, at the brands of `brands.ts`. */
export interface Demo {
  people: Person[];
  purchases: Purchase[];
  redemptions: Redemption[];
  reviews: Review[];
  family: Family;
  posts: Post[];
  farewells: Farewell[];
  /** Open in the end. */
  holds: Hold[];
}

/** A member takes back what they let a brand do. */
interface Farewell {
  person: Person;
  brand: Brand;
  at: Moment;
}

/** The same at each call. */
export function makeDemo(): Demo {
  const people = makePeople();
  const purchases = makePurchases(people);
  const redemptions = makeRedemptions(people, purchases);
  const farewells = makeFarewells(people);
  const family = makeFamily(people);
  return {
    people,
    purchases,
    redemptions,
    reviews: [...reviewsOfRewards(redemptions), ...reviewsOfBrands(people, purchases)],
    family,
    posts: makePosts(people),
    farewells,
    holds: makeHolds({ people, purchases, redemptions, family, farewells }),
  };
}

/** Some trusted a brand, and do not any more, now that all they bought is reported. */
function makeFarewells(people: Person[]): Farewell[] {
  return people
    .filter((person, index) => index % 17 === 16 && person.consents.length > 1)
    .map((person) => ({
      person,
      brand: person.consents.at(-1)!.brand,
      at: { weeksAgo: 0, day: 1, hour: 21, minute: 0 },
    }));
}
