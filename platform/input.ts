import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { Refusal, badInput } from './errors.ts';
import { isByLuhn, isCardNumber, withoutGroups } from './luhn.ts';

/** PostgreSQL keeps no NUL, and turns a lone surrogate into another character. */
export function isText(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

/** The contract's kinds of text: trimmed, in NFC, with their lengths. */
const text = (max: number) =>
  z
    .string()
    .transform((value) => value.trim().normalize('NFC'))
    .pipe(
      z
        .string()
        .min(1, 'must not be empty')
        .max(max, `must have ${max} characters at most`)
        .refine(isText, 'holds characters that are no text'),
    );

/** What things are sorted by: one spelling of each, so that it is found however it is written. */
export const label = z
  .string()
  .transform((written) => written.replaceAll(/\s+/g, ' ').toLowerCase())
  .pipe(text(50));

export const title = text(200);
export const note = text(2_000);
export const body = text(20_000);
/** Keys and references. */
export const key = text(128);
export const code = z.string().regex(/^[A-Z0-9_-]{1,32}$/, 'must be 1 to 32 of A-Z, 0-9, _ and -');
/** In lower case, as PostgreSQL writes them: ids are compared as text. */
export const id = z.uuid('is no id').toLowerCase();
export const email = z
  .string()
  .transform((value) => value.trim().normalize('NFC'))
  .pipe(z.email('is no e-mail address').max(254));
/** A phone number with its country, in E.164. */
export const phone = z
  .string()
  .max(64, 'must have 64 characters at most')
  .transform((written, context) => {
    const number = parsePhoneNumberFromString(written);
    if (number?.isValid()) return number.number as string;
    context.addIssue({ code: 'custom', message: 'is no phone number with its country code' });
    return z.NEVER;
  });
/** What stands on a member's card: whoever reads it out or types it gets a digit wrong. */
export const memberNumber = key.transform(withoutGroups).pipe(
  z
    .string()
    .regex(/^\d{16}$/, 'has 16 digits')
    .refine(isByLuhn, 'is no member number: its check digit is wrong'),
);
/** What an issuer or a network gives in place of a card's number, which nobody may send. */
export const cardToken = key.refine(
  (token) => !isCardNumber(token),
  'is a card number: only a token of it is taken',
);
export const url = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .max(2_000, 'must have 2000 characters at most')
  // The parser of URLs would mend what follows; they are kept as they came, and shown on pages.
  .refine(isText, 'holds characters that are no text')
  .refine((value) => !/[\s"<>\\^`{|}]/.test(value), 'holds characters that a URL encodes')
  .refine((value) => !/^[^/]*\/\/[^/?#]*@/.test(value), 'must not hold a name or password');

/** Points of one movement: 1 to 10^12. */
export const points = z
  .bigint()
  .min(1n, 'must be 1 or more')
  .max(10n ** 12n, 'must be 10^12 or less');

/** An exact decimal, 0 or more, with at most 18 digits before and 12 after the point. */
export const decimal = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,12})?$/, 'must be a decimal number, 0 or more');

/** An amount of money, 0 or more, in whole units. */
export const money = z.object({
  amount: z
    .string()
    .regex(
      /^\d{1,15}(\.\d{1,4})?$/,
      'must be a decimal number, 0 or more, with 4 decimals at most',
    ),
  currency: z.string(),
});

/**
 * Refuses a list in which two items have the same key.
 *
 * @param path from an item to what is used twice
 */
export function eachOnce<Item>(keyOf: (item: Item) => string, path: string[] = []) {
  return (items: readonly Item[], context: z.RefinementCtx): void => {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      const name = keyOf(item);
      if (seen.has(name)) {
        context.addIssue({ code: 'custom', message: 'is used twice', path: [index, ...path] });
      }
      seen.add(name);
    });
  };
}

const kinds: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  array: 'a list',
};

/** What a schema does not say itself: zod's own words are for programmers. */
export function inWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input == null) return 'is needed';
      return `must be ${kinds[issue.expected] ?? 'of another kind'}`;
    case 'too_small':
      return sizeInWords(issue.origin, issue.minimum, 'more');
    case 'too_big':
      return sizeInWords(issue.origin, issue.maximum, 'less');
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    default:
      return 'is not valid';
  }
}

function sizeInWords(origin: string, bound: number | bigint, side: 'more' | 'less'): string {
  if (origin === 'string') return `must have ${bound} characters or ${side}`;
  return `must ${origin === 'array' ? 'hold' : 'be'} ${bound} or ${side}`;
}

/**
 * Checks and cleans an operation's input.
 *
 * @param path what leads to the input: empty for `input`, the argument's name otherwise
 * @throws Refusal INVALID with the path of the first field at fault
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  path: string[] = [],
): z.output<Schema> {
  const read = schema.safeParse(input, { error: inWords });
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  const at = [...path, ...issue.path.map(String)];
  throw new Refusal('INVALID', `${at.join('.') || 'input'}: ${issue.message}.`, at);
}

/**
 * For a query that looks one row up in several ways.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one of the keys is given
 */
export function requireOne<Key extends string>(by: { [key in Key]?: unknown }, keys: Key[]): void {
  if (keys.filter((name) => by[name] != null).length === 1) return;
  throw badInput(`Exactly one of ${keys.join(' and ')} is given.`);
}
