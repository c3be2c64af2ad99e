import { type ASTNode, Environment, ParseError, type TypeError } from '@marcbachmann/cel-js';
import { Big } from 'big.js';
import { note } from './input.ts';

/** What is wrong with a condition, in words. */
class ConditionError extends Error {}

/** All that a condition may call: no macros, whose cost grows, and no regular expressions. */
const callable = new Set(['dec', 'timestamp', 'size', 'startsWith', 'endsWith', 'contains']);

/** What PostgreSQL and the contract take as a decimal, signed. */
const decimalLiteral = /^-?\d{1,18}(\.\d{1,12})?$/;

/**
 * The language of conditions, to which each rule adds what its conditions may ask about. CEL has
 * binary doubles only, which are not for money: `dec` is an exact decimal.
 */
export function conditionLanguage(): Environment {
  return new Environment({ limits: { maxDepth: 32, maxAstNodes: 1_000 } })
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
    .registerOperator('dec * int', (a: Big, b: bigint) => a.times(String(b)))
    .registerOperator('int * dec', (a: bigint, b: Big) => b.times(String(a)));
}

/** An expression that is ready to be worked out. */
export interface Expression<Value> {
  /** What it reads, by dotted paths: `item.sku`. */
  reads: ReadonlySet<string>;
  /** Of the variables by their names. @throws Error where they do not fit it */
  evaluate: (variables: Readonly<Record<string, object>>) => Value;
}

/**
 * Parses and type-checks a condition.
 *
 * @throws ConditionError saying what is wrong with it
 */
export function compileCondition(language: Environment, text: string): Expression<boolean> {
  return compile(language, text, ['bool']) as Expression<boolean>;
}

/**
 * Parses and type-checks an expression that gives a number: a whole one, or an exact decimal.
 *
 * @throws ConditionError saying what is wrong with it
 */
export function compileNumber(language: Environment, text: string): Expression<Big> {
  const { reads, evaluate } = compile(language, text, ['dec', 'int']);
  return { reads, evaluate: (variables) => new Big(String(evaluate(variables))) };
}

function compile(language: Environment, text: string, types: string[]): Expression<unknown> {
  const program = parse(language, text);
  forbidCalls(program.ast);
  boundFactors(program.ast);
  const { valid, type, error } = program.check();
  if (!valid) throw new ConditionError(describe(error!));
  if (!types.includes(type!)) throw new ConditionError(`gives ${type}, not ${types.join(' or ')}`);
  return { reads: new Set(pathsIn(program.ast)), evaluate: (variables) => program(variables) };
}

/** The fields that an expression reads, each with what leads to it. */
function pathsIn(node: ASTNode): string[] {
  const path = pathOf(node);
  return path ? [path] : childrenOf(node.args).flatMap(pathsIn);
}

function pathOf(node: ASTNode): string | null {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return null;
  const owner = pathOf(node.args[0]);
  return owner && `${owner}.${node.args[1]}`;
}

/** A field of an input that holds a condition. @param compile parses and type-checks it */
export function conditionField(compile: (expression: string) => unknown) {
  return note.superRefine((expression, context) => {
    try {
      compile(expression);
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });
}

function parse(language: Environment, expression: string) {
  try {
    return language.parse(expression);
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

/** Digits add up with each: a number of thousands of them would take seconds. */
const factorsMax = 8;

function boundFactors(node: ASTNode): void {
  const products = (each: ASTNode): number =>
    childrenOf(each.args).reduce((sum, child) => sum + products(child), each.op === '*' ? 1 : 0);
  if (products(node) >= factorsMax) {
    throw new ConditionError(`multiplies more than ${factorsMax - 1} times`);
  }
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
