import { compileCondition, conditionLanguage } from '../../../platform/conditions.ts';

/** What a condition may ask about a member, as the database tells it. Points are whole numbers as text. */
export interface MemberFacts {
  memberId: string;
  status: string;
  /** Null where the program has no tiers. */
  tier: string | null;
  joinedAt: Date;
  daysSinceJoined: number;
  points: string;
  lifetimePoints: string;
  /** Null where the member never earned or spent. */
  daysSinceActivity: number | null;
  /** 1 is January; null where nobody told it. */
  birthMonth: number | null;
  /** BCP 47. */
  locale: string;
  /** The household's kind; null for who is in none. */
  household: string | null;
  marketingOptIn: boolean;
  /** The ids of the partners that have a consent. */
  trusts: string[];
  /** The day on which they hold, in the program's time zone: "2026-11-21". */
  today: string;
}

/** A member as conditions see one: nothing is null, so that what is unknown fails no condition. */
class MemberInCondition {
  constructor({ points, lifetimePoints, locale, ...facts }: MemberFacts) {
    const { language, region } = new Intl.Locale(locale);
    Object.assign(this, {
      status: facts.status,
      tier: facts.tier ?? '',
      joinedAt: facts.joinedAt,
      daysSinceJoined: BigInt(facts.daysSinceJoined),
      points: BigInt(points),
      lifetimePoints: BigInt(lifetimePoints),
      everActive: facts.daysSinceActivity !== null,
      daysSinceActivity: BigInt(facts.daysSinceActivity ?? facts.daysSinceJoined),
      birthMonth: BigInt(facts.birthMonth ?? 0),
      language,
      country: region ?? '',
      household: facts.household ?? '',
      marketingOptIn: facts.marketingOptIn,
      trusts: facts.trusts,
    });
  }
}

class DayInCondition {
  readonly year: bigint;
  readonly month: bigint;
  readonly day: bigint;
  constructor(today: string) {
    const [year, month, day] = today.split('-').map(BigInt);
    this.year = year!;
    this.month = month!;
    this.day = day!;
  }
}

const language = conditionLanguage()
  .registerType('Member', {
    ctor: MemberInCondition as never,
    fields: {
      status: 'string',
      tier: 'string',
      joinedAt: 'google.protobuf.Timestamp',
      daysSinceJoined: 'int',
      points: 'int',
      lifetimePoints: 'int',
      everActive: 'bool',
      daysSinceActivity: 'int',
      birthMonth: 'int',
      language: 'string',
      country: 'string',
      household: 'string',
      marketingOptIn: 'bool',
      trusts: 'list<string>',
    },
  })
  .registerType('Day', {
    ctor: DayInCondition as never,
    fields: { year: 'int', month: 'int', day: 'int' },
  })
  .registerVariable('member', 'Member')
  .registerVariable('today', 'Day');

/** A member and a day, as conditions ask about them. */
export interface Asked {
  member: object;
  today: object;
}

/** What all conditions are asked of one member. */
export function askedOf(facts: MemberFacts): Asked {
  return { member: new MemberInCondition(facts), today: new DayInCondition(facts.today) };
}

/** A condition that is ready to be asked. */
export type Condition = (asked: Asked) => boolean;

/**
 * Parses and type-checks the condition of a segment. One that cannot be worked out for a member, since
 * it divides by zero there, say, is not met.
 *
 * @throws ConditionError saying what is wrong with it
 */
export function compileSegment(expression: string): Condition {
  const condition = compileCondition(language, expression);
  return ({ member, today }) => {
    try {
      return condition.evaluate({ member, today });
    } catch {
      return false;
    }
  };
}
