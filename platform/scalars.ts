import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { CurrencyResolver, DateTimeResolver, LocalDateResolver } from 'graphql-scalars';

const largest = BigInt(Number.MAX_SAFE_INTEGER);

/** Whole points: a bigint in the program, a JSON integer on the wire. */
const Points = new GraphQLScalarType<bigint, number>({
  name: 'Points',
  serialize(value) {
    const points = BigInt(value as bigint | number);
    if (points > largest || points < -largest) throw new RangeError(`${points} points`);
    return Number(points);
  },
  parseValue(value) {
    // A larger JSON number has lost its last digit before anyone could see it.
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      throw refused('Points are whole numbers of at most 2^53 - 1, written as JSON integers.');
    }
    return BigInt(value);
  },
  parseLiteral(node) {
    const points = node.kind === Kind.INT ? BigInt(node.value) : null;
    if (points === null || points > largest || points < -largest) {
      throw refused('Points are whole numbers of at most 2^53 - 1.');
    }
    return points;
  },
});

/** Exact decimals: strings on the wire and in the program. */
const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  serialize: String,
  parseValue: readDecimal,
  parseLiteral: (node) => readDecimal(node.kind === Kind.STRING ? node.value : null),
});

function readDecimal(value: unknown): string {
  if (typeof value === 'string' && /^-?\d{1,18}(\.\d{1,12})?$/.test(value)) return value;
  throw refused('A decimal is a string such as "12.50".');
}

/** Instants: a Date in the program. Its text is written here, since what is serialised is JSON already. */
const DateTime = new GraphQLScalarType<Date, string>({
  ...DateTimeResolver.toConfig(),
  serialize: (value) => DateTimeResolver.serialize(value).toISOString(),
});

/** Days of the calendar: PostgreSQL's, like most, has no year 0. */
const Day = new GraphQLScalarType<string, string>({
  ...LocalDateResolver.toConfig(),
  name: 'Date',
  parseValue: (value) => inSomeYear(LocalDateResolver.parseValue(value) as string),
  parseLiteral: (node, variables) =>
    inSomeYear(LocalDateResolver.parseLiteral(node, variables) as string),
});

function inSomeYear(day: string): string {
  if (!day.startsWith('0000')) return day;
  throw refused('There is no year 0.');
}

function refused(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** Resolvers of the contract's scalars, for every subgraph. */
export const scalars = {
  Points,
  Decimal,
  DateTime,
  Date: Day,
  CurrencyCode: CurrencyResolver,
};
