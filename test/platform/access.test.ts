import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, graphql, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AccessMap, enforceAccess } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { connection } from '../../platform/paging.ts';
import { root } from '../../platform/root.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { adminViewer, memberViewer, partnerViewer } from '../support/subgraph.ts';

const common = readFileSync(join(root, 'schema/common.graphql'), 'utf8');

const sdl = `
  type Query {
    open: String
    mine: String @access(to: [MEMBER])
    staff: String @access(to: [PARTNER], scope: BALANCES_READ) @access(to: [ADMIN], scope: AUDIT_READ)
    member: Member
    letter: Letter
    letters: [Letter!]
    letterPage: LetterConnection
    contract: Contract
    notices: [Notice!]
    trial: Trial
    offer: Offer
  }
  type Mutation { act: String @access(to: [MEMBER]) }
  type Member @key(fields: "id") {
    id: ID!
    name: String
    status: String @access(to: [MEMBER, PARTNER, ADMIN])
    points: Int @access(to: [MEMBER, ADMIN]) @access(to: [PARTNER], scope: BALANCES_READ, consent: READ_BALANCE)
  }
  type Letter @key(fields: "id") @access(to: [MEMBER, PARTNER, ADMIN]) {
    id: ID!
    cost: Int @access(to: [PARTNER])
    sender: String @access(to: [PARTNER], consent: READ_PROFILE)
  }
  type LetterConnection { edges: [LetterEdge!]! nodes: [Letter!]! pageInfo: PageInfo! office: String }
  type LetterEdge { cursor: String! node: Letter! }
  type Contract @access(to: [PARTNER, ADMIN]) { id: ID! }
  type Notice @access(to: [MEMBER, PARTNER, ADMIN]) { id: ID! }
  type Trial @access(to: [PARTNER, ADMIN]) { id: ID! }
  type Offer { title: String progress: Int @access(to: [MEMBER]) cost: Int @access(to: [PARTNER]) }
`;

/** A cursor holds the keys of its row, for whoever decodes it. */
const cursorOf = (id: string) => Buffer.from(JSON.stringify([id])).toString('base64url');

const ada = 'ada';
const shop = 'shop';
const letters = [
  { id: 'of ada and shop', memberId: ada, partnerId: shop, cost: 7, sender: 'Ada' },
  { id: 'of bob and hotel', memberId: 'bob', partnerId: 'hotel', cost: 8, sender: 'Bob' },
];
const resolvers = {
  Query: {
    open: () => 'open',
    mine: () => 'mine',
    staff: () => 'staff',
    member: () => ({ id: ada, name: 'Ada', status: 'ACTIVE', points: 100 }),
    letter: () => letters[0],
    letters: () => letters,
    letterPage: () => ({
      ...connection([...letters, letters[0]!], { first: 2, after: ['x'] }, ({ id }) => [id]),
      office: 'Main Street',
    }),
    contract: () => ({ id: 'contract', partnerId: shop }),
    notices: () => [{ id: 'to all' }, { id: 'to one who is gone', memberId: null }],
    trial: () => ({ id: 'trial', partnerId: shop, sandbox: true }),
    offer: () => ({ title: 'Summer', progress: 5, cost: 7, partnerId: shop }),
  },
  Mutation: { act: () => 'done' },
  Member: {
    __resolveReference: ({ id }: { id: string }) => ({ id, status: 'ACTIVE', points: 100 }),
  },
  Letter: {
    __resolveReference: ({ id }: { id: string }) => letters.find((letter) => letter.id === id),
  },
};
const map: AccessMap = {
  owners: {
    Member: ({ id }: { id: string }) => ({ memberId: id }),
    Letter: ({ memberId, partnerId }: (typeof letters)[0]) => ({ memberId, partnerId }),
    Contract: ({ partnerId }: { partnerId: string }) => ({ partnerId }),
    Notice: ({ memberId }: { memberId?: null }) => (memberId === null ? { memberId } : {}),
    Trial: ({ partnerId, sandbox }: { partnerId: string; sandbox: boolean }) => ({
      partnerId,
      sandbox,
    }),
    Offer: ({ partnerId }: { partnerId: string }) => ({ partnerId, isForAsker: true }),
  },
  publicEntities: ['Member'],
};

function guarded(extra = '', change: Partial<AccessMap> = {}): GraphQLSchema {
  const schema = buildSubgraphSchema({
    typeDefs: parse(common + sdl + extra),
    resolvers: resolvers as never,
  });
  enforceAccess(schema, { ...map, ...change });
  return schema;
}

async function ask(viewer: Viewer, source: string, consents: string[] = []) {
  const may: Context['may'] = ({ memberId, scope }) =>
    Promise.resolve(
      memberId === ada && (scope === null ? consents.length > 0 : consents.includes(scope)),
    );
  const { data, errors } = await graphql({
    schema: guarded(),
    source,
    contextValue: { viewer, may },
  });
  return {
    data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
    codes: errors?.map((e) => e.extensions['code']),
  };
}

describe('a root operation', () => {
  it.each([
    ['is open where it has no rule', anonymous, '{ open }', undefined],
    ['needs a token', anonymous, '{ mine }', ['UNAUTHENTICATED']],
    ['needs the right audience', adminViewer(), '{ mine }', ['FORBIDDEN']],
    ['lets its audience in', memberViewer(ada), '{ mine }', undefined],
    [
      'needs the scope of its rule',
      partnerViewer(shop, ['ACCRUALS_WRITE']),
      '{ staff }',
      ['FORBIDDEN'],
    ],
    [
      'is content with one of its rules',
      partnerViewer(shop, ['BALANCES_READ']),
      '{ staff }',
      undefined,
    ],
    [
      'takes a scope for the audience of its rule alone',
      adminViewer(['BALANCES_READ']),
      '{ staff }',
      ['FORBIDDEN'],
    ],
    ['guards a mutation', anonymous, 'mutation { act }', ['UNAUTHENTICATED']],
    ['is guarded under an alias', anonymous, '{ other: mine }', ['UNAUTHENTICATED']],
  ])('%s', async (_, viewer, source, codes) => {
    expect((await ask(viewer, source)).codes).toEqual(codes);
  });
});

describe('a field with rules', () => {
  const source = '{ member { id name status points } }';
  const open = { id: ada, name: 'Ada', status: null, points: null };

  it.each([
    ['null for everybody', anonymous, [], open],
    ['there for the member', memberViewer(ada), [], { ...open, status: 'ACTIVE', points: 100 }],
    ['null for another member', memberViewer('bob'), [], open],
    ['null for staff without MEMBERS_SUPPORT', adminViewer(['PARTNERS_MANAGE']), [], open],
    [
      'there for support',
      adminViewer(['MEMBERS_SUPPORT']),
      [],
      { ...open, status: 'ACTIVE', points: 100 },
    ],
    ['null for a partner without consent', partnerViewer(shop, ['BALANCES_READ']), [], open],
    [
      'null without the consent of its rule',
      partnerViewer(shop, ['BALANCES_READ']),
      ['EARN'],
      { ...open, status: 'ACTIVE' },
    ],
    [
      'null without the scope of its rule',
      partnerViewer(shop),
      ['READ_BALANCE'],
      { ...open, status: 'ACTIVE' },
    ],
    [
      'there with both',
      partnerViewer(shop, ['BALANCES_READ']),
      ['READ_BALANCE'],
      { ...open, status: 'ACTIVE', points: 100 },
    ],
  ])('is %s', async (_, viewer, consents, member) => {
    expect(await ask(viewer, source, consents)).toEqual({ data: { member }, codes: undefined });
  });

  it.each([
    ['any member', memberViewer('bob'), { progress: 5, cost: null }],
    ['the partner, without what is for members', partnerViewer(shop), { progress: null, cost: 7 }],
    ['no other partner', partnerViewer('hotel'), { progress: null, cost: null }],
    ['no staff', adminViewer(['MEMBERS_SUPPORT']), { progress: null, cost: null }],
    ['nobody who is not signed in', anonymous, { progress: null, cost: null }],
  ])('of a row for whoever asks is for %s', async (_, viewer, shown) => {
    const offer = { title: 'Summer', ...shown };
    expect((await ask(viewer, '{ offer { title progress cost } }')).data).toEqual({ offer });
  });

  it('is guarded on an entity reference', async () => {
    const reference = `{ _entities(representations: [{ __typename: "Member", id: "ada" }]) { ... on Member { points } } }`;

    expect((await ask(memberViewer('bob'), reference)).data).toEqual({
      _entities: [{ points: null }],
    });
    expect((await ask(memberViewer(ada), reference)).data).toEqual({
      _entities: [{ points: 100 }],
    });
  });

  it('replaces the rule of its type', async () => {
    const one = '{ letter { id cost } }';

    expect((await ask(memberViewer(ada), one)).data).toEqual({
      letter: { id: letters[0]!.id, cost: null },
    });
    expect((await ask(partnerViewer(shop), one)).data).toEqual({
      letter: { id: letters[0]!.id, cost: 7 },
    });
  });
});

describe('a field with a consent on a partner’s own row', () => {
  it.each([
    ['there for the partner with the consent', partnerViewer(shop), ['READ_PROFILE'], 'Ada'],
    ['null for it without', partnerViewer(shop), ['EARN'], null],
    [
      'null for another partner with the consent',
      partnerViewer('airline'),
      ['READ_PROFILE'],
      undefined,
    ],
  ])('is %s', async (_, viewer, consents, sender) => {
    const { data } = await ask(viewer, '{ letter { sender } }', consents);

    expect(data).toEqual({ letter: sender === undefined ? null : { sender } });
  });
});

describe('a row of a marked type', () => {
  it.each([
    ['nobody', anonymous, []],
    ['its member', memberViewer(ada), ['of ada and shop']],
    ['its partner', partnerViewer('hotel'), ['of bob and hotel']],
    ['another partner', partnerViewer('airline'), []],
    ['support', adminViewer(['MEMBERS_SUPPORT']), ['of ada and shop', 'of bob and hotel']],
    ['other staff', adminViewer(['PARTNERS_MANAGE']), []],
  ])('is in lists for %s', async (_, viewer, ids) => {
    const nodes = ids.map((id) => ({ id }));
    const edges = ids.map((id) => ({ cursor: cursorOf(id), node: { id } }));

    const { data, codes } = await ask(
      viewer,
      `{ letters { id } letterPage { nodes { id } edges { cursor node { id } }
         pageInfo { hasNextPage hasPreviousPage startCursor endCursor } office } }`,
    );

    expect(codes).toBeUndefined();
    expect(data).toEqual({
      letters: nodes,
      letterPage: {
        nodes,
        edges,
        pageInfo: {
          hasNextPage: ids.length > 0,
          hasPreviousPage: true,
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
        },
        office: 'Main Street',
      },
    });
  });

  it('is for no member and no partner where it names none', async () => {
    for (const viewer of [memberViewer(ada), partnerViewer(shop)]) {
      expect((await ask(viewer, '{ notices { id } }', ['EARN'])).data).toEqual({ notices: [] });
    }
    expect((await ask(adminViewer(['MEMBERS_SUPPORT']), '{ notices { id } }')).data).toEqual({
      notices: [{ id: 'to all' }, { id: 'to one who is gone' }],
    });
  });

  it('of the sandbox is for its partner’s test clients alone, and one of neither half for all', async () => {
    const live = partnerViewer(shop);
    const test = { ...live, sandbox: true };
    const trial = { trial: { id: 'trial' } };

    expect((await ask(test, '{ trial { id } }')).data).toEqual(trial);
    expect((await ask(live, '{ trial { id } }')).data).toEqual({ trial: null });
    expect((await ask(adminViewer(), '{ trial { id } }')).data).toEqual(trial);
    expect((await ask(test, '{ contract { id } }')).data).toEqual({ contract: { id: 'contract' } });
  });

  it('is null as a whole, alone and by reference', async () => {
    const reference = `{ letter { id } contract { id }
      _entities(representations: [{ __typename: "Letter", id: "of ada and shop" }]) { ... on Letter { id } } }`;

    expect(await ask(memberViewer('bob'), reference)).toEqual({
      data: { letter: null, contract: null, _entities: [null] },
      codes: undefined,
    });
    expect((await ask(partnerViewer(shop), reference)).data).toEqual({
      letter: { id: 'of ada and shop' },
      contract: { id: 'contract' },
      _entities: [{ id: 'of ada and shop' }],
    });
  });
});

describe('at boot', () => {
  it.each([
    [
      'a mutation without a rule',
      'extend type Mutation { free: String }',
      {},
      'Mutation.free has no @access',
    ],
    ['an entity that is neither marked nor public', '', { publicEntities: [] }, 'Member has a key'],
    ['a rule on rows that are nobody’s', '', { owners: {} }, 'Nobody says whose'],
    [
      'a rule on a field that cannot be null',
      'extend type Member { a: Int! @access(to: [MEMBER]) }',
      {},
      'must be nullable',
    ],
  ])('refuses %s', (_, extra, change, message) => {
    expect(() => guarded(extra, change)).toThrow(message);
  });
});
