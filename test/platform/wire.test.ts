import { GraphQLError, Kind, buildSchema, graphql } from 'graphql';
import { Refusal, orUserErrors } from '../../platform/errors.ts';
import { key, money, parseInput, title } from '../../platform/input.ts';
import { connection, readNewestPage, readPage } from '../../platform/paging.ts';
import { scalars } from '../../platform/scalars.ts';
import { refusal } from '../support/refusal.ts';
import { testConfig } from '../support/config.ts';
import { z } from 'zod';

const { limits } = testConfig();

describe('Points on the wire', () => {
  const { Points } = scalars;

  it.each([0, 1, -7, 9_007_199_254_740_991])('takes and gives %d', (value) => {
    expect(Points.parseValue(value)).toBe(BigInt(value));
    expect(Points.serialize(BigInt(value))).toBe(value);
  });

  it.each([1.5, '1', null, 9_007_199_254_740_992, Number.NaN, 1e300])('refuses %p', (value) => {
    expect(() => Points.parseValue(value)).toThrow(GraphQLError);
  });

  it('refuses a literal that no number could carry', () => {
    const literal = (value: string) => Points.parseLiteral({ kind: Kind.INT, value });

    expect(literal('9007199254740991')).toBe(9_007_199_254_740_991n);
    expect(() => literal('9007199254740993')).toThrow('2^53');
  });

  it('gives no number that has lost a digit', () => {
    expect(() => Points.serialize(9_007_199_254_740_993n)).toThrow(RangeError);
  });
});

describe('Date on the wire', () => {
  const { Date: Day } = scalars;
  const literal = (value: string) => Day.parseLiteral({ kind: Kind.STRING, value }, {});

  it.each(['0001-01-01', '2024-02-29', '9999-12-31'])('takes %s as it is', (day) => {
    expect([Day.parseValue(day), literal(day), Day.serialize(day)]).toEqual([day, day, day]);
  });

  it.each(['0000-01-01', '2026-02-29', '2026-1-1', ''])(
    'refuses %p, as the database would',
    (day) => {
      expect(() => Day.parseValue(day)).toThrow(GraphQLError);
      expect(() => literal(day)).toThrow(GraphQLError);
    },
  );
});

describe('Decimal on the wire', () => {
  it.each(['0', '12.50', '-0.0085'])('takes %s as it is', (value) => {
    expect(scalars.Decimal.parseValue(value)).toBe(value);
  });

  it.each([12.5, '1e3', '.5', '1,5', '', 'NaN'])('refuses %p', (value) => {
    expect(() => scalars.Decimal.parseValue(value)).toThrow(GraphQLError);
  });
});

describe('parseInput', () => {
  const schema = z.object({ name: title, key, amount: money.optional() });

  it('trims texts and brings them into NFC', () => {
    expect(parseInput(schema, { name: '  Cafe\u0301 ', key: 'k' })).toEqual({
      name: 'Caf\u00e9',
      key: 'k',
    });
  });

  it.each([
    [{ name: ' ', key: 'k' }, ['name']],
    [{ name: 'a'.repeat(201), key: 'k' }, ['name']],
    [{ name: 'a\0b', key: 'k' }, ['name']],
    [{ name: 'a\ud800b', key: 'k' }, ['name']],
    [{ name: 'a', key: 'k'.repeat(129) }, ['key']],
    [{ name: 'a', key: 'k', amount: { amount: '-1', currency: 'EUR' } }, ['amount', 'amount']],
  ])('refuses %j at its path', (input, path) => {
    expect(() => parseInput(schema, input)).toThrow(refusal('INVALID', path) as Error);
  });
});

describe('orUserErrors', () => {
  it('hands a refusal out as data, and lets a fault through', async () => {
    const refused = new Refusal('OUT_OF_STOCK', 'None left.', ['rewardId'], { available: 0n });

    expect(await orUserErrors('reward', () => Promise.resolve(7))).toEqual({
      reward: 7,
      userErrors: [],
    });
    expect(await orUserErrors('reward', () => Promise.reject(refused))).toEqual({
      reward: null,
      userErrors: [
        {
          code: 'OUT_OF_STOCK',
          message: 'None left.',
          path: ['rewardId'],
          details: { available: 0n },
        },
      ],
    });
    await expect(orUserErrors('reward', () => Promise.reject(new Error('fault')))).rejects.toThrow(
      'fault',
    );
  });
});

describe('a refusal of a query', () => {
  it('has its place in the answer, not the one in the input', async () => {
    const schema = buildSchema('type Query { reward: Int }');
    const reward = () => Promise.reject(new Refusal('INVALID', 'Not an id.', ['id']));

    const { errors } = await graphql({ schema, source: '{ r: reward }', rootValue: { reward } });

    expect(errors).toMatchObject([{ message: 'Not an id.', path: ['r'] }]);
  });
});

describe('a page', () => {
  const name = z.tuple([z.string()]);
  const rows = ['a', 'b', 'c', 'd', 'e'];
  const read = (first: number, after?: string | null) => {
    const page = readPage({ first, after }, name, limits);
    const from = page.after ? rows.indexOf(page.after[0]!) + 1 : 0;
    return connection(rows.slice(from, from + first + 1), page, (row) => [row]);
  };

  it('leads to the next one, until the end', () => {
    const first = read(2);
    const second = read(2, first.pageInfo.endCursor);
    const third = read(2, second.pageInfo.endCursor);

    expect([first, second, third].map(({ nodes }) => nodes)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(read(5).pageInfo.hasNextPage).toBe(false);
  });

  it.each([
    [0, null],
    [101, null],
    [1, 'nonsense'],
    [1, Buffer.from('["a","b"]').toString('base64url')],
    [1, Buffer.from('[1]').toString('base64url')],
    [1, Buffer.from('["a\\u0000"]').toString('base64url')],
    [1, Buffer.from('["\\ud800"]').toString('base64url')],
  ])('refuses first: %d, after: %p', (first, after) => {
    expect(() => readPage({ first, after }, name, limits)).toThrow(GraphQLError);
  });

  const id = '5f0c1d6e-8a53-4c0e-9d5b-0e1f7a2b6c01';
  const readAfter = (at: string) =>
    readNewestPage(
      { first: 1, after: Buffer.from(JSON.stringify([at, id])).toString('base64url') },
      limits,
    );

  it.each(['2026-03-01T12:00:00.000Z', '0001-01-01T00:00:00.000Z'])('goes on after %s', (at) => {
    expect(readAfter(at)).toEqual({ first: 1, after: [at, id] });
  });

  it.each([
    '0000-12-31T23:59:59.999Z',
    '2026-02-30T12:00:00.000Z',
    `2026-03-01T12:00:00.${'0'.repeat(200)}Z`,
    'now',
  ])('refuses to go on after %s, which is no instant of PostgreSQL', (at) => {
    expect(() => readAfter(at)).toThrow(GraphQLError);
  });
});
