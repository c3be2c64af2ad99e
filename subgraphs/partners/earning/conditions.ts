import { Big } from 'big.js';
import { compileCondition, conditionLanguage } from '../../../platform/conditions.ts';

/** What a condition may ask about. */
export interface Facts {
  activity: {
    kind: string;
    reference: string;
    /** In whole units of the currency, an exact decimal. */
    amount: string;
    currency: string;
    occurredAt: Date;
    /** 1 is Monday, in the program's time zone. */
    dayOfWeek: number;
    /** 0 to 23, in the program's time zone. */
    hour: number;
  };
  member: { status: string };
  partner: { code: string; kind: string };
}

/** A condition that is ready to be asked. @throws Error where the facts do not fit it */
export type Condition = (facts: Facts) => boolean;

class ActivityFacts {
  constructor(facts: Facts['activity']) {
    const { amount, dayOfWeek, hour } = facts;
    Object.assign(this, facts, {
      amount: new Big(amount),
      dayOfWeek: BigInt(dayOfWeek),
      hour: BigInt(hour),
    });
  }
}
class MemberFacts {
  readonly status: string;
  constructor({ status }: Facts['member']) {
    this.status = status;
  }
}
class PartnerFacts {
  readonly code: string;
  readonly kind: string;
  constructor({ code, kind }: Facts['partner']) {
    this.code = code;
    this.kind = kind;
  }
}

const language = conditionLanguage()
  .registerType('Activity', {
    ctor: ActivityFacts as never,
    fields: {
      kind: 'string',
      reference: 'string',
      amount: 'dec',
      currency: 'string',
      occurredAt: 'google.protobuf.Timestamp',
      dayOfWeek: 'int',
      hour: 'int',
    },
  })
  .registerType('Member', { ctor: MemberFacts as never, fields: { status: 'string' } })
  .registerType('Partner', {
    ctor: PartnerFacts as never,
    fields: { code: 'string', kind: 'string' },
  })
  .registerVariable('activity', 'Activity')
  .registerVariable('member', 'Member')
  .registerVariable('partner', 'Partner');

/**
 * Parses and type-checks the condition of an earn rule.
 *
 * @throws ConditionError saying what is wrong with it
 */
export function compileRule(expression: string): Condition {
  const isMet = compileCondition(language, expression);
  return ({ activity, member, partner }) =>
    isMet({
      activity: new ActivityFacts(activity),
      member: new MemberFacts(member),
      partner: new PartnerFacts(partner),
    });
}
