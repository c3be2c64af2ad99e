import { type ASTNode, Environment, ParseError, type TypeError } from '@marcbachmann/cel-js';
import { Big } from 'big.js';

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

/** All that a condition may call: no macros, whose cost grows, and no regular expressions. */
const callable = new Set(['dec', 'timestamp', 'size', 'startsWith', 'endsWith', 'contains']);

/** What PostgreSQL and the contract take as a decimal, signed. */
const decimalLiteral = /^-?\d{1,18}(\.\d{1,12})?$/;

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

/** CEL has binary doubles only, which are not for money: `dec` is an exact decimal. */
const environment = new Environment({ limits: { maxDepth: 32, maxAstNodes: 1_000 } })
  .registerType('dec', { ctor: Big as never, fields: {} })
  .registerFunction('dec(string): dec', (text: string) => new Big(text))
  .registerOperator('dec == dec', (a: Big, b: Big) => a.eq(b))
  .registerOperator('dec < dec', (a: Big, b: Big) => a.lt(b))
  .registerOperator('dec <= dec', (a: Big, b: Big) => a.lte(b))
  .registerOperator('dec > dec', (a: Big, b: Big) => a.gt(b))
  .registerOperator('dec >= dec', (a: Big, b: Big) => a.gte(b))
  .registerOperator('dec + dec', (a: Big, b: Big) => a.plus(b))
  .registerOperator('dec - dec', (a: Big, b: Big) => a.minus(b))
  .registerOperator('dec * dec', (a: Big, b: Big) => a.times(b))
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
 * Parses and type-checks a condition.
 *
 * @throws ConditionError saying what is wrong with it
 */
export function compileCondition(expression: string): Condition {
  const program = parse(expression);
  forbidCalls(program.ast);
  const { valid, type, error } = program.check();
  if (!valid) throw new ConditionError(describe(error!));
  if (type !== 'bool') throw new ConditionError(`gives ${type}, not bool`);
  return ({ activity, member, partner }) =>
    program({
      activity: new ActivityFacts(activity),
      member: new MemberFacts(member),
      partner: new PartnerFacts(partner),
    }) as boolean;
}

/** What is wrong with a condition, in words. */
export class ConditionError extends Error {}

function parse(expression: string) {
  try {
    return environment.parse(expression);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ConditionError(describe(error));
  }
}

/** An operator between an exact decimal and what is none. */
const mixedDecimal =
  /^no such overload: (dec \S+ (int|double|string)|(int|double|string) \S+ dec)$/;

/** What is wrong, and where, in one line. */
function describe({ summary, range }: ParseError | TypeError): string {
  const place = range ? `, at character ${range.start + 1}` : '';
  const hint = mixedDecimal.test(summary) ? ': decimals are written dec("50")' : '';
  return `${summary}${place}${hint}`;
}

function forbidCalls(node: ASTNode): void {
  if (node.op === 'call' || node.op === 'rcall') {
    const [name] = node.args;
    if (!callable.has(name)) throw new ConditionError(`${name}() cannot be called in a rule`);
    if (name === 'dec') requireDecimal(node);
  }
  for (const child of childrenOf(node.args)) forbidCalls(child);
}

/** Only a literal can be checked now, and bounds the digits that arithmetic goes through. */
function requireDecimal(call: ASTNode): void {
  const [argument] = call.op === 'call' ? call.args[1] : [];
  const literal = argument?.op === 'value' ? argument.args : null;
  if (typeof literal !== 'string' || !decimalLiteral.test(literal)) {
    throw new ConditionError('dec() takes a decimal in quotes, such as dec("12.50")');
  }
}

/** The nodes among a node's arguments: alone, in lists, or in pairs of a map. */
function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}
