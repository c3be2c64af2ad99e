import type { Brand } from './brand.ts';
import { brands } from './brands.ts';
import type { Family } from './family.ts';
import type { Person } from './people.ts';
import type { Purchase } from './purchases.ts';
import { type Redemption, pointsLeft } from './redemptions.ts';

/** Points that a till has set aside, when the demo ends, for a guest who has not paid yet. */
export interface Hold {
  person: Person;
  brand: Brand;
  reference: string;
  points: number;
  /** Seconds: the longest that there are, so that newcomers find it open for some days. */
  expiresIn: number;
}

interface Past {
  people: Person[];
  purchases: Purchase[];
  redemptions: Redemption[];
  family: Family;
  /** Who takes back what they let a brand do. */
  farewells: { person: Person; brand: Brand }[];
}

const holdsAtEach = 2;

/**
 * What is open at the tills: at each brand some points of members who let it spend them. Ada has none:
 * all that she owns is there to try with. Nor has the family, which has just spent what it had.
 */
export function makeHolds({ people, purchases, redemptions, family, farewells }: Past): Hold[] {
  // Enough for every till, should one pay at all of them.
  const guests = people
    .slice(1)
    .filter((person) => person !== family.owner && !family.others.includes(person))
    .filter((person) => pointsLeft(person, purchases, redemptions) >= 1_000);
  const mayHold = (brand: Brand, person: Person) =>
    person.consents.some((each) => each.brand === brand && each.scopes.includes('SPEND')) &&
    !farewells.some((each) => each.brand === brand && each.person === person);
  return brands.flatMap((brand) =>
    guests
      .filter((person) => mayHold(brand, person))
      .slice(0, holdsAtEach)
      .map((person, index) => ({
        person,
        brand,
        reference: `${brand.code}-TILL-${index + 1}`,
        points: 100 + 25 * index,
        expiresIn: 7 * 24 * 60 * 60,
      })),
  );
}
