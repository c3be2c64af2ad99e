import { buildSchema, parse } from 'graphql';
import { findChanges } from '../../scripts/schema/changes.ts';

const released = `
  type Query { shop(by: By): Shop  shops(first: Int): [Shop!]!  named: Named  kinds: [Kind!]  spare: Int }
  type Mutation { open(input: ShopInput!): Shop }
  interface Named { name(upper: Boolean): String! }
  type Shop implements Named { name(upper: Boolean): String!  kind: Kind  note: String }
  type Other implements Named { name(upper: Boolean): String!  unused: Int }
  enum Kind { FOOD FUEL }
  input By { id: ID  code: String }
  input ShopInput { name: String!  by: By  kind: Kind }
`;
const asked = [
  'query A { shops(first: 3) { name } }',
  'query B($by: By) { shop(by: $by) { ...F } } fragment F on Shop { kind }',
  'mutation C { open(input: { name: "x" }) { name } }',
  'query D { named { name } }',
];

/** The changes from the release to it with one thing written otherwise, those that break and others. */
async function changesOf(from: string, to: string, operations = asked) {
  expect(released).toContain(from);
  const changes = await findChanges({
    audience: 'MEMBER',
    released: buildSchema(released),
    current: buildSchema(released.replace(from, to)),
    documents: operations.map((each) => parse(each)),
  });
  const named = (isUsed: boolean) =>
    changes.filter((each) => each.isUsed === isUsed).map(({ coordinate }) => coordinate);
  return { breaking: named(true), others: named(false) };
}

describe('a change of the graph', () => {
  it.each([
    ['a field that is gone', 'shops(first: Int): [Shop!]!', '', 'Query.shops'],
    [
      'a field that can be null',
      'shops(first: Int): [Shop!]!',
      'shops(first: Int): [Shop]',
      'Query.shops',
    ],
    ['a field of a fragment', 'kind: Kind  note', 'note', 'Shop.kind'],
    ['an argument that is gone', 'shops(first: Int)', 'shops', 'Query.shops.first'],
    [
      'an argument of another type',
      'shops(first: Int)',
      'shops(first: String)',
      'Query.shops.first',
    ],
    [
      'an argument that has to be given',
      'shops(first: Int)',
      'shops(first: Int, of: ID!)',
      'Query.shops.of',
    ],
    ['a value of a selected enum', 'enum Kind { FOOD FUEL }', 'enum Kind { FOOD }', 'Kind.FUEL'],
    ['a field of an input in a variable', 'id: ID  code: String', 'id: ID', 'By.code'],
    ['one that has to be given', 'id: ID  code: String', 'id: ID  code: String  on: ID!', 'By.on'],
    ['one of a literal input', 'by: By  kind: Kind }', 'by: By }', 'ShopInput.kind'],
  ])('breaks who uses %s', async (_, from, to, coordinate) => {
    const { breaking } = await changesOf(from, to);

    expect(breaking).toEqual([coordinate]);
  });

  it('breaks who asks an interface, by the types that it has', async () => {
    const to = 'type Other implements Named { name(upper: Boolean): Int!  unused: Int }';
    const from = 'type Other implements Named { name(upper: Boolean): String!  unused: Int }';

    const { breaking } = await changesOf(from, to);

    expect(breaking).toEqual(['Other.name']);
  });

  it.each([
    ['a field', '  spare: Int', '', 'Query.spare'],
    ['a nullable field', 'note: String', '', 'Shop.note'],
    ['an argument', 'kinds: [Kind!]', 'kinds(of: ID!): [Kind!]', 'Query.kinds.of'],
    ['a field of a type of an interface', '  unused: Int', '', 'Other.unused'],
  ])('only warns of %s that nobody uses', async (_, from, to, coordinate) => {
    expect(await changesOf(from, to)).toEqual({ breaking: [], others: [coordinate] });
  });

  it('warns of a new value of an enum, and says nothing of what is new besides', async () => {
    expect(await changesOf('FOOD FUEL', 'FOOD FUEL RAIL')).toEqual({
      breaking: [],
      others: ['Kind.RAIL'],
    });
    for (const added of ['new(of: ID): Shop', 'new: Int @deprecated(reason: "old")']) {
      const changes = await changesOf('spare: Int', `spare: Int  ${added}`);
      expect(changes).toEqual({ breaking: [], others: [] });
    }
  });

  it('is not judged by operations that the release did not have', async () => {
    const ahead = ['{ spare gone }'];

    expect(await changesOf('  spare: Int', '', ahead)).toEqual({
      breaking: [],
      others: ['Query.spare'],
    });
  });
});
