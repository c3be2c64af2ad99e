import type { Row, World } from '../../support/federation.ts';

/** An operation, with its variables if it has any. */
export type Question = string | [document: string, variables: Record<string, unknown>];

/** A small federation for each thing that a schema can say, and what is asked of it. */
export interface Case {
  world: World;
  questions: Question[];
  /** What Apollo's gateway, as it is, answers otherwise than the schema promises. */
  apart?: Question[];
}

const brands = {
  acme: { __typename: 'Brand', code: 'acme' },
  zet: { __typename: 'Brand', code: 'zet' },
};
const users: Row[] = ['u1', 'u2'].map((id) => ({ __typename: 'User', id, name: `"${id}"` }));
const products: Row[] = [
  { __typename: 'Product', id: 'p"1', sku: 's1', brand: brands.acme, name: 'One', units: 3 },
  { __typename: 'Product', id: 'p2', sku: 's1', brand: brands.zet, name: 'Two', units: 0 },
  { __typename: 'Product', id: 'p3', sku: 's3', brand: brands.zet, name: null, units: null },
].map((row, place) => ({
  ...row,
  reviews: [0, 1]
    .slice(place)
    .map((at) => ({ __typename: 'Review', stars: at, author: users[at] })),
}));

const severalKeys: Case = {
  world: {
    rows: [...products, ...users],
    resolvers: { Query: { products: () => products } },
    subgraphs: {
      products: `
        type Query { products: [Product] }
        type Product @key(fields: "id") @key(fields: "sku brand { code }") {
          id: ID!  sku: String!  brand: Brand!  name: String
        }
        type Brand @shareable { code: String! }`,
      stock: `
        type Product @key(fields: "sku brand { code }") { sku: String!  brand: Brand!  units: Int }
        type Brand @shareable { code: String! }`,
      reviews: `
        type Product @key(fields: "id") { id: ID!  reviews: [Review!]! }
        type Review { stars: Int!  author: User }
        type User @key(fields: "id", resolvable: false) { id: ID! }`,
      users: `type User @key(fields: "id") { id: ID!  name: String }`,
    },
  },
  questions: [
    '{ products { units name reviews { author { name } stars } } }',
    '{ a: products { u: units } b: products { r: reviews { s: stars by: author { id n: name } } } }',
    'fragment P on Product { units brand { code } } { products { ...P ... { ...P reviews { stars } } __typename } }',
    '{ constructor: products { toString: units __proto__: name valueOf: reviews { __typename } } }',
    [
      'query ($u: Boolean!, $n: Boolean = true) { products { units @include(if: $u) name @skip(if: $n) } }',
      { u: true },
    ],
    [
      'query ($u: Boolean!, $n: Boolean = true) { products { units @include(if: $u) name @skip(if: $n) } }',
      { u: false, n: false },
    ],
    [
      'query ($u: Boolean!) { products { id ... @include(if: $u) { units reviews { stars } } } }',
      { u: false },
    ],
    [
      'query ($u: Boolean!) { products { id ... @include(if: $u) { units reviews { stars } } } }',
      { u: true },
    ],
    '{ __typename products { id units @skip(if: true) } }',
  ],
};

const parcels: Row[] = [
  {
    __typename: 'Parcel',
    id: 'a',
    kind: { __typename: 'Box', sides: [1, 2], label: { text: 'A' } },
    weight: 3,
  },
  {
    __typename: 'Parcel',
    id: 'b',
    kind: { __typename: 'Tube', length: 7, label: { text: 'B' } },
    weight: 5,
  },
  { __typename: 'Parcel', id: 'c', kind: null, weight: null },
];
const prices = ({ weight }: { weight: number | null }, { currency }: { currency: string }) =>
  weight === null ? null : weight * (currency === 'EUR' ? 10 : 11);

const requires: Case = {
  world: {
    rows: parcels,
    resolvers: {
      Query: { parcels: () => parcels },
      Parcel: {
        price: ((row: { weight: number; price?: number }, args: { currency: string }) =>
          row.price ?? prices(row, args)) as never,
        estimate: ((row: { weight: number | null; price?: number }) =>
          `EUR ${row.price ?? prices(row, { currency: 'EUR' })} ${row.weight}`) as never,
        shape: (({ kind }: { kind: object | null }) =>
          JSON.stringify(kind && sorted(kind))) as never,
      },
    },
    subgraphs: {
      parcels: `
        type Query { parcels: [Parcel!]! }
        type Parcel @key(fields: "id") {
          id: ID!  weight: Int  kind: Kind  price(currency: String!): Int
        }
        interface Kind { label: Label }
        type Label { text: String }
        type Box implements Kind { label: Label  sides: [Int!] }
        type Tube implements Kind { label: Label  length: Int }`,
      shipping: `
        type Parcel @key(fields: "id") {
          id: ID!
          weight: Int @external
          price(currency: String!): Int @external
          kind: Kind @external
          estimate: String @requires(fields: "price(currency: \\"EUR\\") weight")
          shape: String @requires(fields: "kind { __typename label { text } ... on Box { sides } ... on Tube { length } }")
        }
        interface Kind { label: Label }
        type Label { text: String @external }
        type Box implements Kind { label: Label @external  sides: [Int!] @external }
        type Tube implements Kind { label: Label @external  length: Int @external }`,
    },
  },
  questions: [
    '{ parcels { estimate } }',
    '{ parcels { shape } }',
    '{ parcels { id shape estimate weight kind { __typename } } }',
    '{ parcels { estimate euros: price(currency: "EUR") } }',
    '{ parcels { kind { ... on Tube { length } label { text } ... on Box { sides } } shape } }',
  ],
};

/** With its names in one order, whatever the order in which they were asked. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each)]));
}

const provided: Case = {
  world: {
    rows: users,
    resolvers: { Query: { latest: () => ({ text: 'x', author: users[0] }), any: () => users[1] } },
    subgraphs: {
      posts: `
        type Query { latest: Post  any: User }
        type Post { text: String  author: User @provides(fields: "name") }
        type User @key(fields: "id") { id: ID!  name: String @external }`,
      users: 'type User @key(fields: "id") { id: ID!  name: String @shareable }',
    },
  },
  questions: ['{ latest { author { name } } }', '{ any { name } }'],
};
const overridden: Case = {
  world: {
    rows: users,
    resolvers: { Query: { users: () => users } },
    subgraphs: {
      old: 'type Query { users: [User!] } type User @key(fields: "id") { id: ID!  name: String }',
      young: `type User @key(fields: "id") { id: ID!  name: String @override(from: "old") }`,
    },
  },
  questions: ['{ users { name } }', '{ users { id name __typename } }'],
};

const media: Row[] = [
  { __typename: 'Book', id: 'm1', title: 'A', pages: 9, reviews: [{ stars: 5 }] },
  { __typename: 'Film', id: 'm2', title: 'B', minutes: 90, reviews: [{ stars: 1 }, { stars: 2 }] },
];
for (const [place, row] of media.entries()) row['sequel'] = media[1 - place];

const interfaceObjects: Case = {
  world: {
    rows: media,
    resolvers: { Query: { media: () => media, top: () => [...media].toReversed() } },
    subgraphs: {
      catalog: `
        type Query { media: [Media!] }
        interface Media @key(fields: "id") { id: ID!  title: String  sequel: Media }
        type Book implements Media @key(fields: "id") { id: ID!  title: String  sequel: Media  pages: Int }
        type Film implements Media @key(fields: "id") { id: ID!  title: String  sequel: Media  minutes: Int }`,
      reviews: `
        type Query { top: [Media!] }
        type Media @interfaceObject @key(fields: "id") { id: ID!  reviews: [Review!]! }
        type Review { stars: Int }`,
    },
  },
  questions: [
    '{ media { reviews { stars } } }',
    '{ media { __typename title reviews { stars } ... on Book { pages } ... on Film { minutes } } }',
    '{ media { ... on Film { reviews { stars } sequel { reviews { stars } __typename } } } }',
    '{ top { reviews { stars } } }',
    '{ top { t: __typename title ... on Book { pages reviews { stars } } } }',
    '{ top { sequel { sequel { id reviews { stars } } } } }',
  ],
};

const shelf = [media[0], users[0], { __typename: 'Note', text: 'n' }, null, media[1]];

const abstracts: Case = {
  world: {
    rows: [...media, ...users],
    resolvers: {
      Query: {
        shelf: () => shelf,
        named: () => [users[1], { __typename: 'Note', text: 'n', name: 'N' }],
      },
    },
    subgraphs: {
      shelf: `
        type Query { shelf: [Item]  named: [Named!] }
        union Item = Book | Film | User | Note
        interface Named { name: String }
        type Book @key(fields: "id") { id: ID! }
        type Film @key(fields: "id") { id: ID! }
        type User implements Named @key(fields: "id") { id: ID!  name: String @shareable }
        type Note implements Named { text: String  name: String }`,
      catalog: `
        interface Titled { title: String }
        type Book implements Titled @key(fields: "id") { id: ID!  title: String  pages: Int }
        type Film implements Titled @key(fields: "id") { id: ID!  title: String  sequel: Film }`,
      users: 'type User @key(fields: "id") { id: ID!  name: String @shareable  age: Int }',
    },
  },
  questions: [
    '{ shelf { __typename } }',
    '{ shelf { ... on Titled { title } ... on User { name age } ... on Note { text } } }',
    '{ shelf { ... on Book { id t: title } ... on Film { title id } __typename } }',
    '{ named { name ... on User { age } } }',
    'fragment T on Titled { title ... on Book { pages } } { shelf { ...T ... on Named { name } } }',
  ],
};

const cells: Row[] = ['c1', 'c2', 'c3'].map((id) => ({ __typename: 'Cell', id, value: `v${id}` }));

const listsOfLists: Case = {
  world: {
    rows: cells,
    resolvers: {
      Query: {
        grid: () => [[cells[0], cells[1]], [], null, [cells[2], null, cells[0]]],
        names: () => [['a', null], null, []],
      },
    },
    subgraphs: {
      grid: `
        type Query { grid: [[Cell]]  names: [[String]] }
        type Cell @key(fields: "id") { id: ID! }`,
      values: 'type Cell @key(fields: "id") { id: ID!  value: String! }',
    },
  },
  questions: ['{ grid { value } names }', '{ g: grid { v: value id } }'],
};

const orders = [
  {
    __typename: 'Order',
    id: 'o1',
    total: 1,
    lines: [{ product: { __typename: 'Item', id: 'i1' } }],
  },
  {
    __typename: 'Order',
    id: 'o2',
    total: 2,
    lines: [{ product: { __typename: 'Item', id: 'i2' } }],
  },
];

const leaves: Case = {
  world: {
    resolvers: {
      Query: {
        leaves: () => ({
          int: -3,
          float: 1.5e-9,
          yes: true,
          no: false,
          id: 7,
          kind: 'OLD',
          text: 'a "quoted" \\ line\n\u2028 \ud83d\ude00 \u0000 é',
          json: { a: [1, 'x', null], b: { c: true } },
          dates: ['2026-11-22', null],
          empty: '',
        }),
        echo: ((_: unknown, args: object) => JSON.stringify(args)) as never,
      },
    },
    subgraphs: {
      a: `
        scalar Json
        enum Kind { OLD NEW }
        input In { text: String  kinds: [Kind!]  in: In }
        type Query { leaves: Leaves  echo(in: In, n: Int = 3, ids: [ID!]): String }
        type Leaves {
          int: Int  float: Float  yes: Boolean  no: Boolean  id: ID  kind: Kind  text: String  json: Json
          dates: [String]  empty: String
        }`,
      b: 'type Query { other: Int }',
    },
  },
  questions: [
    '{ leaves { int float yes no id kind text json dates empty } }',
    '{ echo(in: { text: "a\\"b", kinds: [OLD], in: { text: null } }) other }',
    [
      'query ($in: In, $n: Int, $ids: [ID!]) { echo(in: $in, n: $n, ids: $ids) }',
      { in: { kinds: ['NEW'] } },
    ],
    [
      'query ($in: In, $n: Int, $ids: [ID!]) { echo(in: $in, n: $n, ids: $ids) }',
      { n: null, ids: [1, 'b'] },
    ],
    ['query ($n: Int = 8) { echo(n: $n) x: echo(n: $n) }', {}],
  ],
};

const nested: Case = {
  world: {
    rows: [
      ...orders,
      { __typename: 'Item', id: 'i1', name: 'I' },
      { __typename: 'Item', id: 'i2', name: null },
    ],
    resolvers: {
      Query: { orders: () => orders },
      Mutation: {
        place: ((_: unknown, { id }: { id: string }) => ({
          order: orders.find((each) => each.id === id),
          query: {},
        })) as never,
        note: ((_: unknown, { text }: { text: string }) => text) as never,
      },
    },
    subgraphs: {
      orders: `
        type Query { orders: [Order!]! }
        type Mutation { place(id: ID!): Placed }
        type Placed { order: Order  query: Query }
        type Order @key(fields: "id") { id: ID!  lines: [Line!]! }
        type Line { product: Item }
        type Item @key(fields: "id", resolvable: false) { id: ID! }`,
      items: 'type Item @key(fields: "id") { id: ID!  name: String! }',
      totals: `
        type Order @key(fields: "id") { id: ID!  total: Int }
        type Mutation { note(text: String!): String }`,
    },
  },
  questions: [
    'mutation { a: place(id: "o1") { order { total } } note(text: "x") b: place(id: "o2") { order { id total } } }',
    'mutation { place(id: "o1") { query { orders { total __typename } } } __typename }',
    '{ orders { lines { product { id } } total } }',
  ],
};

const hidden: Case = {
  world: {
    rows: users,
    resolvers: { Query: { users: () => users, state: () => 'OPEN' } },
    subgraphs: {
      users: `
        type Query { users: [User!]  state: State }
        enum State { OPEN SECRET @inaccessible }
        type User @key(fields: "id") { id: ID! @inaccessible  name: String }`,
      ages: 'type User @key(fields: "id") { id: ID! @inaccessible  age: Int }',
    },
  },
  questions: ['{ users { age name } state }'],
};

const mixed: Row[] = [
  { __typename: 'Coin', id: 'c', worth: 5 },
  { __typename: 'Note', id: 7, worth: 10 },
];

const keysOfOneName: Case = {
  world: {
    rows: mixed,
    resolvers: { Query: { purse: () => mixed } },
    subgraphs: {
      purse: `
        type Query { purse: [Money] }
        union Money = Coin | Note
        type Coin @key(fields: "id") { id: ID! }
        type Note @key(fields: "id") { id: Int }`,
      worths: `
        type Coin @key(fields: "id") { id: ID!  worth: Int }
        type Note @key(fields: "id") { id: Int  worth: Int }`,
    },
  },
  questions: [
    '{ purse { ... on Coin { worth } ... on Note { worth } } }',
    '{ purse { ... on Coin { worth id } ... on Note { worth number: id } } }',
  ],
};

export const cases: Record<string, Case> = {
  'several keys, compound and nested': severalKeys,
  'keys of one name and several types': keysOfOneName,
  '@requires with arguments and fragments': requires,
  '@provides': provided,
  '@override': overridden,
  'interface objects': interfaceObjects,
  'unions and interfaces': abstracts,
  'lists of lists': listsOfLists,
  'leaves and inputs': leaves,
  'mutations, and queries in them': nested,
  '@inaccessible': hidden,
};
