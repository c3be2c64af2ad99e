import type { HopResult } from '../../../gateway/data-source.ts';
import { type Hop, type Row, federate } from '../../support/federation.ts';
import { furtherCases } from './further-worlds.ts';
import { cases } from './worlds.ts';

const members: Row[] = ['m1', 'm2'].map((id) => ({ __typename: 'Member', id, name: id, age: 7 }));
const posts = [0, 1, 0].map((author, place) => ({
  __typename: 'Post',
  id: `p${place}`,
  author: members[author],
  likes: [members[0], members[1]],
}));

const graph = federate({
  rows: [...members, ...posts],
  resolvers: {
    Query: { posts: () => posts, me: () => members[0], first: () => posts[0] },
    Mutation: {
      write: ((_: unknown, { text }: { text: string }) => ({ text, author: members[0] })) as never,
      vote: () => 1,
    },
  },
  subgraphs: {
    posts: `
      type Query { posts: [Post!]  first: Post! }
      type Mutation { write(text: String!): Draft }
      type Draft { text: String  author: Member }
      type Post @key(fields: "id") { id: ID!  author: Member  likes: [Member!] }
      type Member @key(fields: "id", resolvable: false) { id: ID! }`,
    members: `
      type Query { me: Member }
      type Member @key(fields: "id") { id: ID!  name: String!  age: Int }`,
    ranks: `
      type Mutation { vote: Int }
      type Post @key(fields: "id") { id: ID!  votes: Int! }
      type Member @key(fields: "id") {
        id: ID!  age: Int @external
        rank: Int @requires(fields: "age")
      }`,
  },
});

beforeEach(() => {
  graph.hops.length = 0;
  graph.interrupt = () => undefined;
});

/** Answers for a subgraph, and lets the others answer. */
function answerAs(subgraph: string, answer: (hop: Hop) => HopResult | null): void {
  graph.interrupt = (hop) => (hop.subgraph === subgraph ? answer(hop) : undefined);
}

describe('an entity that stands at several places', () => {
  it('is asked for once, and is at all of them', async () => {
    const { data } = await graph.own('{ posts { author { name } likes { age } } }');

    expect(data).toEqual({
      posts: ['m1', 'm2', 'm1'].map((name) => ({
        author: { name },
        likes: [{ age: 7 }, { age: 7 }],
      })),
    });
    const asked = graph.hops
      .filter(({ subgraph }) => subgraph === 'members')
      .map(({ variables }) => variables.representations!.map(({ id }) => id));
    expect(asked).toEqual([
      ['m1', 'm2'],
      ['m1', 'm2'],
    ]);
  });

  it('has its error at all of them', async () => {
    answerAs('members', () => ({
      data: { _entities: [{ age: null }, { age: 8 }] },
      errors: [{ message: 'No age.', path: ['_entities', 0, 'age'] }],
    }));

    const { data, errors } = await graph.own('{ all: posts { author { age } } }');

    expect(data).toEqual({ all: [null, 8, null].map((age) => ({ author: { age } })) });
    expect(errors).toEqual([
      { message: 'No age.', path: ['all', 0, 'author', 'age'] },
      { message: 'No age.', path: ['all', 2, 'author', 'age'] },
    ]);
  });
});

describe('an error of a subgraph', () => {
  it('has the name that the field has in the schema, not the planner’s', async () => {
    const purse = federate(cases['keys of one name and several types']!.world);
    const aliases: string[] = [];
    purse.interrupt = ({ query }) => {
      if (query.includes('_entities')) return { data: { _entities: [{ worth: 5 }, null] } };
      const alias = /(\w+): *id/.exec(query)![1]!;
      aliases.push(alias);
      const note = { __typename: 'Note', [alias]: null };
      return {
        data: { purse: [{ __typename: 'Coin', id: 'c' }, note] },
        errors: [{ message: 'No number.', path: ['purse', 1, alias] }],
      };
    };

    const { data, errors } = await purse.own(
      '{ purse { ... on Coin { worth } ... on Note { worth } } }',
    );

    expect(aliases).not.toEqual(['id']);
    expect(data).toEqual({ purse: [{ worth: 5 }, { worth: null }] });
    expect(errors).toEqual([{ message: 'No number.', path: ['purse', 1, 'id'] }]);
  });

  it('has the name that the client gave a field, not the one that it has on the way', async () => {
    const goods = federate(furtherCases['fields of one name, and conditions']!.world);
    goods.interrupt = ({ query }) => {
      const alias = /(\w+): *name/.exec(query)![1]!;
      expect(alias).not.toBe('id');
      const errors = [{ message: 'No name.', path: ['good', alias] }];
      return { data: { good: { [alias]: null } }, errors };
    };

    expect(await goods.own('{ good { id: name } }')).toEqual({
      data: { good: { id: null } },
      errors: [{ message: 'No name.', path: ['good', 'id'] }],
    });
  });

  it('stands where the entities begin, as far as it is known, when it names none', async () => {
    answerAs('members', () => ({ data: null, errors: [{ message: 'No.' }] }));

    const { data, errors } = await graph.own(
      '{ first { author { age } } posts { author { age } } }',
    );

    expect(data).toEqual({
      first: { author: { age: null } },
      posts: posts.map(() => ({ author: { age: null } })),
    });
    expect(errors).toEqual([
      { message: 'No.', path: ['first', 'author'] },
      { message: 'No.', path: ['posts'] },
    ]);
  });

  it('is told a thousand times at most', async () => {
    const error = { message: 'No.', path: ['me'] };
    answerAs('members', () => ({ data: null, errors: Array.from({ length: 1_001 }, () => error) }));

    const { errors } = await graph.own('{ me { age } }');

    expect(errors).toHaveLength(1_000);
  });
});

describe('null', () => {
  it.each([
    // Of a list of what may not be null, the list; of the whole, everything.
    ['{ posts { id votes } me { age } }', { posts: null, me: { age: 7 } }],
    ['{ first { id votes } me { age } }', null],
    ['{ me { age name } posts { author { name } } }', { me: { age: 7, name: 'm1' }, posts: [] }],
  ])('of what may not be null goes up to what may: %s', async (document, expected) => {
    answerAs('ranks', () => null);
    if (expected?.posts?.length === 0) {
      answerAs('members', ({ query }) => (query.includes('_entities') ? null : undefined!));
      Object.assign(expected, { posts: posts.map(() => ({ author: null })) });
    }

    const own = await graph.own(document);

    expect(own.data).toEqual(expected);
    expect((await graph.stock(document)).data).toEqual(expected);
    expect(own.errors).toHaveLength(1);
  });

  it('is told as a flaw where no subgraph said why', async () => {
    answerAs('ranks', () => ({ data: { _entities: [{ votes: 1 }, null, { votes: 3 }] } }));

    const own = await graph.own('{ posts { votes } }');

    expect(own).toEqual({
      data: { posts: null },
      flaws: [
        {
          message: 'Cannot return null for non-nullable field Post.votes.',
          path: ['posts', 1, 'votes'],
        },
      ],
    });
    expect(await graph.stock('{ posts { votes } }')).toEqual(own);
  });
});

describe('null of one subgraph', () => {
  it('takes nothing away that another has given', async () => {
    const place = { town: 'Bern', street: 'Gasse' };
    const shops: Row[] = [{ __typename: 'Shop', id: 's', place, places: [place, place] }];
    const towns = federate({
      rows: shops,
      resolvers: { Query: { shop: () => shops[0] } },
      subgraphs: {
        maps: `
          type Query { shop: Shop }
          type Shop @key(fields: "id") { id: ID!  place: Place @shareable  places: [Place] @shareable }
          type Place { town: String }`,
        mail: `
          type Shop @key(fields: "id") { id: ID!  place: Place @shareable  places: [Place] @shareable }
          type Place { street: String }`,
      },
    });
    towns.interrupt = ({ subgraph }) =>
      subgraph === 'mail'
        ? { data: { _entities: [{ place: null, places: [null, { street: 'Gasse' }] }] } }
        : undefined;

    const { data } = await towns.own('{ shop { place { town street } places { town street } } }');

    expect(data).toEqual({
      shop: {
        place: { town: 'Bern', street: null },
        places: [{ town: 'Bern', street: null }, place],
      },
    });
  });
});

describe('an answer out of form', () => {
  it.each(['Ghost', 'String', 'constructor'])(
    'of an object that calls itself %s is null, and says so',
    async (typename) => {
      const purse = federate(cases['keys of one name and several types']!.world);
      purse.interrupt = ({ query }) =>
        query.includes('_entities')
          ? undefined
          : { data: { purse: [{ __typename: typename, id: 'c' }] } };

      const { data, ...own } = await purse.own('{ purse { __typename } }');

      expect(data).toEqual({ purse: [null] });
      expect(own).toEqual({
        flaws: [
          {
            message: expect.stringContaining('Invalid __typename found for object at') as string,
            path: ['purse', 0],
          },
        ],
      });
    },
  );

  it('of a value that clients do not see is null, and says so', async () => {
    const users = federate(cases['@inaccessible']!.world);
    users.interrupt = () => ({ data: { state: 'SECRET' } });

    expect(await users.own('{ state }')).toEqual({
      data: { state: null },
      flaws: [{ message: 'Invalid value found for field Query.state.', path: ['state'] }],
    });
  });

  it.each([
    ['of other entities', { data: { _entities: [{ age: 1 }] } }],
    ['without a list of entities', { data: { _entities: { age: 1 } } }],
    ['without entities', { data: {} }],
  ])('%s costs the fields that were asked', async (_case, answer) => {
    answerAs('members', () => structuredClone(answer));

    const { data, errors } = await graph.own('{ posts { id author { age } } }');

    expect(data).toEqual({ posts: posts.map(({ id }) => ({ id, author: { age: null } })) });
    expect(errors).toEqual([
      { message: 'This part of the system does not answer.', path: ['posts'] },
    ]);
  });

  it.each([
    ['a leaf', { me: { age: '7', name: 'x' } }, { me: { age: null, name: 'x' } }],
    ['an object for a leaf', { me: { age: {}, name: 'x' } }, { me: { age: null, name: 'x' } }],
    ['a leaf for an object', { me: 7 }, { me: null }],
    ['a list for an object', { me: [{ age: 7 }] }, { me: null }],
    ['what is not asked', { me: { age: 1, name: 'x', secret: 2 } }, { me: { age: 1, name: 'x' } }],
  ])('has null where it has %s of another type', async (_case, given, expected) => {
    answerAs('members', () => ({ data: given }));

    expect((await graph.own('{ me { age name } }')).data).toEqual(expected);
  });
});

describe('what is required of another subgraph', () => {
  it('is not asked for where that one owes it', async () => {
    answerAs('members', () => ({
      data: null,
      errors: [{ message: 'No.', path: ['_entities', 0] }],
    }));

    const { data, errors } = await graph.own('{ first { author { rank } } }');

    expect(data).toEqual({ first: { author: { rank: null } } });
    expect(errors).toEqual([{ message: 'No.', path: ['first', 'author'] }]);
    expect(graph.hops.map(({ subgraph }) => subgraph)).toEqual(['posts', 'members']);
  });
});

describe('what no subgraph can be asked for', () => {
  it('is refused, not null', async () => {
    const { own } = federate({
      subgraphs: {
        a: 'type Query { thing: Thing } interface Thing @key(fields: "id") { id: ID! }',
        b: `type Query { other: Thing }
          type Thing @interfaceObject @key(fields: "id", resolvable: false) { id: ID!  note: String }`,
      },
    });

    await expect(own('{ thing { note } }')).rejects.toThrow(
      'No part of the system can answer this.',
    );
    await expect(own('{ __typename }')).resolves.toEqual({ data: { __typename: 'Query' } });
  });
});

describe('what is required where not all is asked for', () => {
  it('is done without, though something else failed', async () => {
    const goods = federate(furtherCases['fields of one name, and conditions']!.world);
    const error = { message: 'No name.', path: ['goods', 0, 'name'] };
    goods.interrupt = ({ subgraph }) => {
      if (subgraph !== 'shop') return undefined;
      const good = { __typename: 'Good', id: 'g1', name: null, width: 5, weight: 2 };
      return { data: { goods: [good] }, errors: [error] };
    };
    const query = 'query ($a: Boolean!) { goods { name cover insured @include(if: $a) } }';

    expect(await goods.own(query, { a: false })).toMatchObject({
      data: { goods: [{ name: null, cover: '5 wide?' }] },
      errors: [error],
    });
  });

  it('is not made up where it failed itself', async () => {
    const goods = federate(furtherCases['fields of one name, and conditions']!.world);
    goods.interrupt = ({ subgraph, query }) => {
      if (subgraph !== 'post' || !query.includes('freight')) return undefined;
      const path = ['_entities', 0, 'freight'];
      return { data: { _entities: [{ label: '5 wide' }] }, errors: [{ message: 'No.', path }] };
    };

    const { data, errors } = await goods.own(
      'query ($a: Boolean!) { good { cover units insured @include(if: $a) } }',
      { a: true },
    );

    expect(data).toEqual({ good: { cover: null, units: 3, insured: null } });
    expect(errors).toMatchObject([{ path: ['good', 'freight'] }]);
    expect(goods.hops.map(({ subgraph }) => subgraph)).not.toContain('insurance');
  });

  it('is still not made up for an entity that another subgraph does not know', async () => {
    const goods = federate(furtherCases['fields of one name, and conditions']!.world);
    goods.interrupt = ({ subgraph, query }) => {
      if (subgraph === 'post' && query.includes('freight')) return { data: { _entities: [null] } };
      return undefined;
    };

    const { data } = await goods.own(
      'query ($a: Boolean!) { good { cover units insured @include(if: $a) } }',
      { a: true },
    );

    expect(data).toEqual({ good: { cover: null, units: 3, insured: null } });
    expect(goods.hops.map(({ subgraph }) => subgraph)).not.toContain('insurance');
  });
});

describe('the order', () => {
  it('of mutations is that of the document, each after the one before', async () => {
    const seen: string[] = [];
    graph.interrupt = async ({ subgraph, query }) => {
      const what = /write|vote|_entities/.exec(query)![0];
      seen.push(`${subgraph} ${what}`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push('answered');
      if (what === '_entities') return { data: { _entities: [{ name: 'm1' }] } };
      return { data: what === 'vote' ? { vote: 1 } : writtenBy(query) };
    };

    const { data } = await graph.own(
      'mutation { a: write(text: "a") { text author { name } } vote b: write(text: "b") { text } }',
    );

    expect(data).toEqual({
      a: { text: 'a', author: { name: 'm1' } },
      vote: 1,
      b: { text: 'a' },
    });
    expect(seen.filter((each) => each !== 'members _entities')).toHaveLength(seen.length - 1);
    const writes = seen.filter((each) => !each.startsWith('members'));
    expect(writes.slice(0, 2)).toEqual(['posts write', 'answered']);
    expect(seen.indexOf('ranks vote')).toBeGreaterThan(seen.indexOf('answered'));
    expect(seen.lastIndexOf('posts write')).toBeGreaterThan(seen.indexOf('ranks vote'));
  });

  it('of reads is none: what needs nothing of the other is asked at once', async () => {
    let waiting = 0;
    let release = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    graph.interrupt = async ({ subgraph }) => {
      if (++waiting === 2) release();
      await both;
      return { data: subgraph === 'members' ? { me: { age: 1 } } : { first: { id: 'p0' } } };
    };

    const { data } = await graph.own('{ me { age } first { id } }');

    expect(data).toEqual({ me: { age: 1 }, first: { id: 'p0' } });
  });
});

function writtenBy(query: string): Record<string, unknown> {
  const name = /(\w+): *write/.exec(query)![1]!;
  return { [name]: { text: 'a', author: { __typename: 'Member', id: 'm1' } } };
}
