import type { Row, World } from '../../support/federation.ts';

/** A federation of all features in one, of which anything can be asked. */
export const subgraphs = {
  catalogue: `
    type Query {
      goods: [Good]
      good(id: ID! = "x"): Good
      works: [Work!]
      firstWork: Work!
      find(text: String = "x", kinds: [Kind!], size: SizeInput): Found
      all: [[Found!]]
      node(id: ID): Node
      version: String @shareable
    }
    type Mutation { rename(name: String!): Good  restock(units: Int): Int }
    interface Node { id: ID! }
    union Found = Good | Book | Note
    enum Kind { FOOD TOOL TOY }
    enum Currency { EUR USD }
    input SizeInput { width: Int!  height: Int = 2  unit: String  inner: SizeInput }
    type Good implements Node @key(fields: "id") @key(fields: "sku maker { code }") {
      id: ID!
      sku: String!
      maker: Maker!
      name(upper: Boolean = false): String
      weight: Int
      price(currency: Currency = EUR): Float
      cost(currency: Currency!): Int @inaccessible
      size: Size
      tags: [String!]
      kind: Kind!
      boxes: [[Box!]]
      secret: String @inaccessible
      parts: [Good!]
    }
    type Maker @shareable { code: String!  founded: Int }
    interface Size { unit: String }
    type Round implements Size { unit: String  radius: Int }
    type Square implements Size { unit: String  width: Int  height: Int }
    type Box { label: String!  good: Good  work: Work }
    interface Work @key(fields: "id") { id: ID!  title: String  sequel: Work }
    type Book implements Work @key(fields: "id") {
      id: ID!  title: String  sequel: Work  pages: Int  good: Good!
    }
    type Film implements Work @key(fields: "id") {
      id: ID!  title: String  sequel: Work  minutes: Int!
    }
    type Note implements Node { id: ID!  text: String!  by: User  kind: Kind }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
  stock: `
    type Query { empty: [Good!]!  version: String @shareable }
    type Mutation { count: [Good] }
    type Good @key(fields: "sku maker { code }") {
      sku: String!  maker: Maker!  units(at: [ID!], least: Int = 1): Int  place: Place  rank: Int!
    }
    type Maker @shareable { code: String! }
    type Place { shelf: Int!  room: String  next: Place  goods: [Good!] }`,
  delivery: `
    type Good @key(fields: "id") {
      id: ID!
      weight: Int @external
      cost(currency: Currency!): Int @external
      size: Size @external
      fee: String @requires(fields: "weight cost(currency: USD)")
      parcel: Parcel @requires(fields: "size { __typename unit ... on Round { radius } ... on Square { width height } }")
    }
    enum Currency { EUR USD }
    interface Size { unit: String }
    type Round implements Size { unit: String @external  radius: Int @external }
    type Square implements Size { unit: String @external  width: Int @external  height: Int @external }
    type Parcel { form: String!  stamps: Int }`,
  insurance: `
    type Good @key(fields: "id") {
      id: ID!  fee: String @external  insured: String @requires(fields: "fee")
    }`,
  reviews: `
    type Query { top: [Work!]  best: Work  reviews(of: [ID!]): [Review!]! }
    type Work @interfaceObject @key(fields: "id") { id: ID!  reviews(first: Int): [Review!]  score: Int! }
    type Review @key(fields: "id") {
      id: ID!  text: String  by: User @provides(fields: "name")  about: Subject  likes: [User]
    }
    union Subject = Good | User
    type Good @key(fields: "id", resolvable: false) { id: ID! }
    type User @key(fields: "id") { id: ID!  name: String @external  reviews: [Review!] }`,
  users: `
    type Query { me: User  users(first: Int! = 2): [User!]  version: String @shareable }
    type Mutation { befriend(id: ID!): User! }
    type User @key(fields: "id") {
      id: ID!  name: String @shareable  age: Int  friends: [User]  closest: User!  works: [Work]
    }
    interface Work @key(fields: "id", resolvable: false) { id: ID! }
    type Book implements Work @key(fields: "id", resolvable: false) { id: ID! }
    type Film implements Work @key(fields: "id", resolvable: false) { id: ID! }`,
  library: `
    type Book @key(fields: "id") {
      id: ID!  pages: Int @override(from: "catalogue")  copies: [Copy!]!  lender: User
    }
    type Copy { shelf: String  lentTo: User }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
};

/** The fields of keys. */
export const keys = new Set(['Good.sku', 'Good.maker', 'Maker.code']);

/** What one subgraph requires of another. */
export const told = new Set([
  'Good.weight',
  'Good.size',
  'Good.fee',
  'Round.unit',
  'Round.radius',
  'Square.unit',
  'Square.width',
  'Square.height',
]);

/** What is made of what is required; one schema reads that from the row itself. */
export const resolvers: World['resolvers'] = {
  Good: {
    cost: cost as never,
    fee: fee as never,
    insured: ((good: Row) => `against ${stringOf(good['fee'], () => fee(good))}`) as never,
    parcel: ((good: Row) => {
      const size = read(good, 'size') as Row | null;
      if (!size) return null;
      const names = ['__typename', 'unit', 'radius', 'width', 'height'];
      return { form: names.map((name) => read(size, name)).join(), stamps: 1 };
    }) as never,
  },
};

function fee(good: Row): string {
  const known = good['cost'] as number | undefined;
  return `${String(read(good, 'weight'))} at ${known ?? cost(good, { currency: 'USD' })}`;
}

function cost({ id }: Row, { currency }: { currency: string }): number {
  return Number(String(id).at(-1)) * (currency === 'USD' ? 11 : 10);
}

function stringOf(value: unknown, otherwise: () => string): string {
  return typeof value === 'string' ? value : otherwise();
}

function read(row: Row, name: string): unknown {
  const value = row[name];
  return typeof value === 'function' ? (value as (given: object) => unknown)({}) : value;
}
