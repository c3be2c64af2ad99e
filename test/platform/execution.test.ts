import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type ExecutionResult,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  buildSchema,
  execute,
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { setTimeout } from 'node:timers/promises';
import { type Execute, openExecution } from '../../platform/execution/operations.ts';
import { scalars } from '../../platform/scalars.ts';
import { readSdl } from '../../platform/sdl.ts';
import { isNightly } from '../support/nightly.ts';
import { sequence } from '../support/random.ts';

const keptBytes = 1_000_000;
type Random = ReturnType<typeof sequence>;

describe('an operation of a subgraph', () => {
  const schema = buildSubgraphSchema({
    typeDefs: readSdl('community'),
    resolvers: scalars as never,
  });
  giveAnswers(schema);
  const run = openExecution(schema, keptBytes);
  const rounds = isNightly ? 5_000 : 80;

  it(`is answered as graphql-js does, whatever comes first, in ${rounds} ways`, async () => {
    let failed = 0;
    for (let seed = 1; seed <= rounds; seed++) {
      const query = randomQuery(schema, sequence(seed));
      const document = parse(query);
      expect(validate(schema, document).map(String)).toEqual([]);
      const variables = {
        yes: true,
        no: seed % 2 === 0,
        representations: ['Post', 'Review', 'Member', 'Partner', 'Reward'].map(
          (__typename, id) => ({
            __typename,
            id: String(id),
          }),
        ),
      };
      const promised = await execute({
        schema,
        document,
        variableValues: variables,
        contextValue: { seed, isAtOnce: true },
      });

      const own = await run({ query, variables }, { seed, isAtOnce: false });

      expect({ seed, query, ...outlineOf(own) }).toEqual({ seed, query, ...outlineOf(promised) });
      if (own.errors) failed++;
    }
    // Both kinds were among them.
    expect(failed).toBeGreaterThan(rounds / 10);
    expect(failed).toBeLessThan(rounds);
  });
});

describe('executing', () => {
  const schema = buildSchema(`
    type Query {
      node(id: ID = "1"): Node  nodes: [Node!]  number(is: Int!): Int  owed: Owed  ownAlone: Own
      list: [Int]  lists: [[Int!]]  late: [Own]  text: Int  error: Int  nothing: Int
    }
    type Mutation { first: Int  second: Int  third: Owed! }
    type Subscription { told: Int }
    interface Node { id: ID! }
    type Own implements Node { id: ID!  toString: String }
    type Other implements Node { id: ID!  own: Own! }
    type Owed { a: Int!  b: Int }
  `);
  const done: string[] = [];
  const field = (type: string, name: string) =>
    (schema.getType(type) as GraphQLObjectType).getFields()[name]!;
  field('Query', 'node').resolve = (_, { id }) => Promise.resolve({ __typename: 'Own', id });
  field('Query', 'nodes').resolve = () => [
    { __typename: 'Own', id: 1 },
    { __typename: 'Other', id: 2, own: () => ({ id: 3 }) },
    { __typename: 'Nowhere', id: 4 },
  ];
  field('Query', 'number').resolve = (_, { is }) => is;
  field('Query', 'owed').resolve = () => ({ a: null, b: 1 });
  field('Query', 'ownAlone').resolve = () => ({ id: 'x' });
  field('Query', 'list').resolve = () => new Set([1, null, 'three', 4]);
  field('Query', 'lists').resolve = () => [[1, 2], [3, null], 5];
  // The second comes before the first: the list must keep its order and length.
  field('Query', 'late').resolve = () => [
    setTimeout(5, { id: 'a' }),
    Promise.reject(new Error('b')),
    { id: 'c' },
  ];
  field('Query', 'text').resolve = () => 'text';
  field('Query', 'error').resolve = () => new Error('given back');
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors
  field('Query', 'nothing').resolve = () => Promise.reject();
  for (const [name, ms] of [
    ['first', 10],
    ['second', 0],
  ] as const) {
    field('Mutation', name).resolve = async () => {
      done.push(`${name} begins`);
      await setTimeout(ms);
      done.push(`${name} ends`);
      return done.length;
    };
  }
  field('Mutation', 'third').resolve = () => Promise.reject(new Error('third'));
  let run: Execute;

  beforeEach(() => {
    done.length = 0;
    run = openExecution(schema, keptBytes);
  });

  it.each([
    ['{ node { __typename id ... on Own { toString } } }'],
    ['{ nodes { __typename id ... on Other { own { id } } } }'],
    ['{ __proto__: number(is: 1) constructor: ownAlone { __proto__: id toString } }'],
    ['query ($is: Int! = 3) { number(is: $is) again: number(is: 4) }'],
    ['{ owed { b a } ownAlone { id } }'],
    ['{ list lists }'],
    ['{ late { id } }'],
    ['{ text error nothing }'],
    ['query ($no: Boolean = false) { list @include(if: $no) owed { b @skip(if: $no) } }'],
    ['fragment O on Own { id } { ownAlone { ...O ...O } ownAlone { toString } }'],
    ['mutation { first second again: first }'],
    ['mutation { first third { a } second }'],
  ])('answers %s as graphql-js does', async (query) => {
    const promised = await execute({ schema, document: parse(query) });
    const deeds = done.splice(0);

    const own = await run({ query }, {});

    expect(JSON.stringify(own.data)).toBe(JSON.stringify(promised.data));
    expect(outlineOf(own)).toEqual(outlineOf(promised));
    expect(done).toEqual(deeds);
  });

  it('answers anew for other conditions of a known operation', async () => {
    const query =
      'query ($own: Boolean!) { list @include(if: $own) number(is: 1) @skip(if: $own) }';

    expect(Object.keys((await run({ query, variables: { own: true } }, {})).data!)).toEqual([
      'list',
    ]);
    expect((await run({ query, variables: { own: false } }, {})).data).toEqual({ number: 1 });
  });

  it.each([
    ['{ unclosed', {}, 'GRAPHQL_PARSE_FAILED'],
    ['{ unknown }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['{ __schema { types { name } } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['{ __type(name: "Own") { name } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { text } query B { list }', {}, 'OPERATION_RESOLUTION_FAILURE'],
    ['subscription { told }', {}, 'OPERATION_RESOLUTION_FAILURE'],
    ['query ($is: Int!) { number(is: $is) }', {}, 'BAD_USER_INPUT'],
    ['query ($is: Int!) { number(is: $is) }', { is: 'one' }, 'BAD_USER_INPUT'],
  ])('refuses %s with %j: %s', async (query, variables, code) => {
    // Also when it was asked before.
    for (let time = 1; time <= 2; time++) {
      const { data, errors } = await run({ query, variables }, {});
      expect(data).toBeUndefined();
      expect(new Set(errors!.map(({ extensions }) => extensions['code']))).toEqual(new Set([code]));
    }
  });

  it('says why a condition may not be null', async () => {
    const query = 'query ($no: Boolean = false) { list @include(if: $no) }';

    const { data, errors } = await run({ query, variables: { no: null } }, {});

    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
  });

  it.each<[string, () => unknown]>([
    ['at once', () => [null, rejected()]],
    ['in another one', () => [null, [rejected()]]],
    ['in another one that comes late', () => [null, Promise.resolve([[rejected()]])]],
  ])('hears what rejects %s in a list that is lost already', async (_, listOf) => {
    const lost = buildSchema('scalar Any type Query { list: [Any!] }');
    lost.getQueryType()!.getFields()['list']!.resolve = listOf;

    const { data, errors } = await openExecution(lost, keptBytes)({ query: '{ list }' }, {});
    // Node tells of what nobody heard at the end of the turn.
    await setTimeout(0);

    expect(data).toEqual({ list: null });
    expect(errors).toHaveLength(1);
  });

  it('finds an operation by its name', async () => {
    const query = 'query A { text } query B { number(is: 2) }';

    expect((await run({ query, operationName: 'B' }, {})).data).toEqual({ number: 2 });
  });

  it('waits for what is under way beside something that failed, and answers it no more', async () => {
    let isDone = false;
    const slow = buildSchema('type Query { row: Row } type Row { a: Int! b: Int c: Row }');
    slow.getQueryType()!.getFields()['row']!.resolve = () => ({});
    const row = (slow.getType('Row') as GraphQLObjectType).getFields();
    row['a']!.resolve = () => Promise.reject(new Error('a'));
    row['b']!.resolve = async () => {
      await setTimeout(5);
      isDone = true;
      throw new Error('b');
    };

    const { data, errors } = await openExecution(slow, keptBytes)({ query: '{ row { a b } }' }, {});

    expect(isDone).toBe(true);
    expect(data).toEqual({ row: null });
    expect(errors!.map(({ message }) => message)).toEqual(['a']);
  });
});

const rejected = () => Promise.reject(new Error('It would end the process.'));

/**
 * What two executions must have in common: the data, the places that are null for an error, and the message of
 * an error that stands in its own place. Which of several within one lost place is told depends on their order.
 */
function outlineOf({ data, errors = [] }: Pick<ExecutionResult, 'data' | 'errors'>) {
  const places = errors.map(({ path = [], message }) => {
    let value: unknown = data;
    const length = path.findIndex((key) => {
      if (value === null) return true;
      value = (value as Record<string, unknown>)[key];
      return false;
    });
    if (length !== -1) return path.slice(0, length).join('.');
    return `${path.join('.')}: ${message.startsWith('Failed') ? message : 'of its own'}`;
  });
  return {
    data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
    lost: [...new Set(places)].sort(),
  };
}

interface Asking {
  seed: number;
  /** Nothing is late: graphql-js leaves rejections unheard beside what failed at once. */
  isAtOnce: boolean;
}

/** Gives a value or a failure now, or later. */
type When = (value: unknown) => unknown;

/** Answers every field by its place and the seed: with a value, nothing, a failure; at once or later. */
function giveAnswers(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      field.resolve = (_, __, { seed, isAtOnce }: Asking, { path }) => {
        let hash = seed;
        for (let at: typeof path | undefined = path; at; at = at.prev) {
          for (const letter of String(at.key)) hash = (hash * 31 + letter.charCodeAt(0)) % 2 ** 32;
        }
        const random = sequence(hash);
        const chance = random(100);
        const when: When = (value) => {
          const isLate = random(3) === 0;
          if (isAtOnce || !isLate) return value;
          return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
        };
        if (chance < 3) return when(new Error(`Failed ${hash}`));
        return when(chance < 7 ? null : valueOf(field.type, random, schema, when));
      };
    }
  }
}

function valueOf(
  type: GraphQLOutputType,
  random: Random,
  schema: GraphQLSchema,
  when: When,
): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType as GraphQLOutputType, random, schema, when);
  if (isListType(type)) {
    const itemType = type.ofType as GraphQLOutputType;
    return Array.from({ length: random(4) }, () => {
      const chance = random(30);
      if (chance === 0) return null;
      if (chance === 1) return when(new Error('Failed item'));
      return when(valueOf(itemType, random, schema, when));
    });
  }
  if (isAbstractType(type)) {
    const types = schema.getPossibleTypes(type);
    return { __typename: random(20) === 0 ? 'Nowhere' : types[random(types.length)]!.name };
  }
  if (isObjectType(type)) return {};
  if (isEnumType(type)) return type.getValues()[random(type.getValues().length)]!.value;
  if (type.name === 'Boolean') return random(2) === 0;
  if (type.name === 'Int' || type.name === 'Float') return random(20) === 0 ? 'x' : random(100);
  if (type.name === 'Points') return BigInt(random(1_000));
  if (type.name === 'DateTime') return new Date(random(1_000) * 1e9);
  if (type.name === 'Date') return '2026-01-01';
  return String(random(1_000));
}

/** A valid query over everything that needs no argument but representations. */
function randomQuery(schema: GraphQLSchema, random: Random): string {
  const head = 'query ($yes: Boolean!, $no: Boolean!, $representations: [_Any!]!)';
  const types = ['Post', 'Review', 'Member', 'Partner', 'Reward'].map(
    (name) => schema.getType(name) as GraphQLObjectType,
  );
  const entities = types.map(
    (type) => `... on ${type.name} ${selectionOf(schema, type, random, 2)}`,
  );
  const root = selectionOf(schema, schema.getQueryType()!, random, 3).slice(1, -1);
  // Each variable is used, whatever is selected.
  const used = 'y: __typename @skip(if: $yes) n: __typename @include(if: $no)';
  return `${head} { ${used} ${root} _entities(representations: $representations) { __typename ${entities.join(' ')} } }`;
}

function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  random: Random,
  depth: number,
): string {
  const parts = ['__typename'];
  for (const field of Object.values(type.getFields())) {
    const needs = field.args.some(
      (each) => isNonNullType(each.type) && each.defaultValue === undefined,
    );
    if (needs || field.name.startsWith('_') || random(3) === 0) continue;
    const named = getNamedType(field.type);
    // No two fields of one name can differ: each alias is of its type and its field alone.
    const alias = `${type.name}_${field.name}`;
    const condition = ['', '', '@skip(if: $no)', '@include(if: $yes)', '@include(if: $no)'][
      random(5)
    ]!;
    if (isObjectType(named)) {
      if (depth === 0) continue;
      parts.push(
        `${alias}: ${field.name} ${condition} ${selectionOf(schema, named, random, depth - 1)}`,
      );
    } else if (isAbstractType(named)) {
      if (depth === 0) continue;
      const each = schema
        .getPossibleTypes(named)
        .map(
          (one) => `... on ${one.name} ${condition} ${selectionOf(schema, one, random, depth - 1)}`,
        );
      parts.push(`${alias}: ${field.name} { __typename ${each.join(' ')} }`);
    } else {
      parts.push(`${alias}: ${field.name} ${condition}`);
      if (random(6) === 0) parts.push(`... { ${alias}: ${field.name} }`);
    }
  }
  return `{ ${parts.join(' ')} }`;
}
