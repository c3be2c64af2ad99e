import type { Row } from '../../support/federation.ts';
import type { Case } from './worlds.ts';

const goods: Row[] = [
  { __typename: 'Good', id: 'g1', code: 'c1', name: 'Axe', weight: 2, width: 5, units: 3 },
  { __typename: 'Good', id: 'g2', code: 'c2', name: null, weight: null, width: 4, units: 0 },
];
const price = ({ id }: Row, { currency = 'EUR' }: { currency?: string }) =>
  Number(String(id).at(-1)) * (currency === 'EUR' ? 10 : 11);

const ofOneName: Case = {
  world: {
    rows: goods,
    resolvers: {
      Query: { goods: () => goods, good: () => goods[0] },
      Good: {
        price: price as never,
        fee: ((good: Row) => `fee of ${Number(good['price'] ?? price(good, {}))}`) as never,
        label: ((good: Row) => `${String(good['width'])} wide`) as never,
        freight: ((good: Row) => `${String(good['weight'])} kg`) as never,
        insured: (({ freight, weight }: { freight?: string; weight: number | null }) =>
          `${freight ?? `${weight} kg`}!`) as never,
        cover: (({ label, width }: { label?: string; width: number }) =>
          `${label ?? `${width} wide`}?`) as never,
      },
    },
    subgraphs: {
      shop: `
        type Query { goods: [Good!]  good: Good! }
        type Good @key(fields: "id") {
          id: ID!  name: String  weight: Int  width: Int  price(currency: String): Int
        }`,
      post: `
        type Good @key(fields: "id") {
          id: ID!
          price(currency: String): Int @external
          weight: Int @external
          width: Int @external
          fee: String @requires(fields: "price(currency: \\"EUR\\")")
          freight: String @requires(fields: "weight")
          label: String @requires(fields: "width")
        }`,
      insurance: `
        type Good @key(fields: "id") {
          id: ID!
          freight: String @external
          label: String @external
          insured: String @requires(fields: "freight")
          cover: String @requires(fields: "label")
        }`,
      stock: 'type Good @key(fields: "id") { id: ID!  units: Int }',
    },
  },
  questions: [
    '{ goods { price fee units } }',
    '{ goods { freight insured } }',
    '{ goods { insured } good { insured label } }',
    ['query ($a: Boolean!) { goods { label freight @include(if: $a) } }', { a: true }],
    [
      'query ($a: Boolean!) { goods { freight @include(if: $a) label @include(if: $a) } }',
      { a: true },
    ],
    '{ one: good { id units } other: good { freight } }',
    ['query ($a: Boolean!) { goods { cover insured @include(if: $a) } }', { a: true }],
  ],
  apart: [
    // One field to the planner: what is required has other arguments, or what is asked another name.
    '{ goods { price(currency: "USD") fee } }',
    [
      'query ($c: String = "USD") { goods { ...P fee } } fragment P on Good { price(currency: $c) }',
      {},
    ],
    '{ goods { id: name units } }',
    '{ goods { weight: name freight } }',
    // Where nothing is left to ask of a field, it is still asked for.
    [
      'query ($a: Boolean!, $b: Boolean!) { goods @skip(if: $a) { name @include(if: $b) } }',
      { a: false, b: false },
    ],
    [
      'query ($a: Boolean!) { good @skip(if: $a) { ... on Good { name @include(if: $a) } } }',
      { a: false },
    ],
    // What one field requires is not asked for another.
    ['query ($a: Boolean!) { goods { label freight @include(if: $a) } }', { a: false }],
  ],
};

const pets: Row[] = [
  { __typename: 'Cat', id: 'p1', name: 'Tom', lives: 9, age: 3 },
  { __typename: 'Dog', id: 'p2', name: 'Rex', tricks: ['sit'], age: 4 },
];

const providedAbstractly: Case = {
  world: {
    rows: pets,
    resolvers: { Query: { pets: () => pets, either: () => pets[1], first: () => pets[0] } },
    subgraphs: {
      home: `
        type Query {
          pets: [Pet!] @provides(fields: "... on Cat { name }")
          either: Either @provides(fields: "... on Dog { name age }")
          first: Pet
        }
        interface Pet { id: ID! }
        union Either = Cat | Dog
        type Cat implements Pet @key(fields: "id") { id: ID!  name: String @external }
        type Dog implements Pet @key(fields: "id") {
          id: ID!  name: String @external  age: Int @external
        }`,
      vet: `
        type Cat @key(fields: "id") { id: ID!  name: String @shareable  lives: Int }
        type Dog @key(fields: "id") {
          id: ID!  name: String @shareable  age: Int @shareable  tricks: [String!]
        }`,
    },
  },
  questions: [
    '{ pets { id ... on Cat { name lives } ... on Dog { name tricks } } }',
    '{ either { ... on Dog { name age } ... on Cat { name } } }',
    '{ first { ... on Cat { name } __typename } }',
  ],
};

const accounts: Row[] = [
  { __typename: 'Admin', id: 'a1', email: 'a@x', since: 1, badge: 'gold' },
  { __typename: 'Guest', id: 'a2', email: 'b@x', since: 2, badge: null },
];

const indirect: Case = {
  world: {
    rows: accounts,
    resolvers: { Query: { accounts: () => accounts, visits: () => [{ by: accounts[1] }] } },
    subgraphs: {
      people: `
        type Query { accounts: [Account!]! }
        interface Account @key(fields: "id") { id: ID!  email: String }
        type Admin implements Account @key(fields: "id") { id: ID!  email: String }
        type Guest implements Account @key(fields: "id") { id: ID!  email: String }`,
      visits: `
        type Query { visits: [Visit!] }
        type Visit { by: Account }
        type Account @interfaceObject @key(fields: "id") { id: ID!  since: Int }`,
      badges: `
        type Account @interfaceObject @key(fields: "id") {
          id: ID!  since: Int @external  badge: String  rank: String @requires(fields: "since")
        }`,
    },
  },
  questions: [
    '{ accounts { since badge } }',
    '{ visits { by { badge since } } }',
    '{ accounts { ... on Admin { badge since email } ... on Guest { since } } }',
    '{ accounts { rank } visits { by { rank id } } }',
  ],
  // It takes the interface's name for the type of an object, where the one answer follows the other.
  apart: ['{ visits { by { __typename badge email ... on Guest { since badge } } } }'],
};
for (const row of accounts) row['rank'] = `rank ${String(row['since'])}`;

const meetings: Case = {
  world: {
    rows: [
      { __typename: 'Room', id: null, number: 1, seats: 4 },
      { __typename: 'Room', id: 'r2', number: 2, seats: 6 },
    ],
    resolvers: {
      Query: {
        rooms: () => [
          { __typename: 'Room', id: null, number: 1, seats: 4 },
          { __typename: 'Room', id: 'r2', number: 2, seats: 6 },
          null,
        ],
        time: () => 7,
        state: ((_: unknown, { at }: { at?: object }) => (at ? 'OPEN' : 'SHUT')) as never,
      },
    },
    subgraphs: {
      rooms: `
        type Query { rooms: [Room]  time: Int @shareable  state(at: At): State @shareable }
        enum State { OPEN SHUT }
        input At { hour: Int!  note: String }
        type Room @key(fields: "id") { id: ID  number: Int }`,
      seats: `
        type Query { time: Int @shareable  state(at: At): State @shareable }
        enum State { OPEN SHUT }
        input At { hour: Int! }
        type Room @key(fields: "id") { id: ID  seats: Int }`,
    },
  },
  questions: [
    '{ time rooms { number } }',
    '{ again: time time rooms { id } }',
    '{ state(at: { hour: 3 }) }',
    ['query ($at: At) { state(at: $at) open: state }', { at: { hour: 1 } }],
    '{ rooms { number seats } }',
  ],
};

/** What two subgraphs share, what they provide, and what the planner does not tell apart. */
export const furtherCases: Record<string, Case> = {
  'fields of one name, and conditions': ofOneName,
  '@provides on interfaces and unions': providedAbstractly,
  'interface objects of an interface object': indirect,
  'shared roots, enums and inputs, and null keys': meetings,
};
