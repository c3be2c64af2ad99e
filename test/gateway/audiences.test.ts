import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DirectiveNode,
  type GraphQLSchema,
  isObjectType,
  printSchema,
  validateSchema,
} from 'graphql';
import { audienceGraphs, audiences } from '../../gateway/audiences.ts';
import { subgraphNames } from '../../platform/config.ts';
import { root } from '../../platform/root.ts';
import { readSdl } from '../../platform/subgraph.ts';

const supergraphSdl = readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8');

/** `Type.field` for each field of each object type. */
function fieldsOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`) : [],
    );
}

const isInaccessible = ({ name }: DirectiveNode) => name.value === 'inaccessible';

describe('the graphs of the contract', () => {
  const graphs = audienceGraphs(supergraphSdl);

  it.each(audiences)('are valid: %s', (audience) => {
    expect(validateSchema(graphs[audience])).toEqual([]);
  });

  it.each(audiences)('know nothing of the supergraph: %s', (audience) => {
    expect(printSchema(graphs[audience])).not.toMatch(/join__|link__|@access|directive /);
  });

  it('show each field of the contract to somebody, and nothing that only parts ask of one another', () => {
    const shown = new Set(audiences.flatMap((audience) => fieldsOf(graphs[audience])));
    const written = subgraphNames.flatMap((name) =>
      readSdl(name).definitions.flatMap((type) =>
        type.kind === 'ObjectTypeDefinition' && !type.directives!.some(isInaccessible)
          ? type
              .fields!.filter(({ directives }) => !directives!.some(isInaccessible))
              .map((field) => `${type.name.value}.${field.name.value}`)
          : [],
      ),
    );

    expect(shown).toEqual(new Set(written));
    expect(shown).not.toContain('DataExport.piece');
  });

  // Reviewed by hand against schema/: what an audience must find, and what it must not.
  it.each([
    [
      'PUBLIC',
      ['Query.partners', 'Query.rewards', 'Query.feed', 'Mutation.enrol', 'Member.displayName'],
      [
        'Query.me',
        'Query.member',
        'Mutation.redeemReward',
        'Mutation.createPost',
        'Mutation.recordActivity',
        'Mutation.invitePartner',
        'Member.balance',
        'Member.profile',
        'Member.redemptions',
        'Partner.contract',
        'Partner.apiClients',
        'StatementEntry.points',
        'Activity.points',
        'Redemption.number',
        'Balance.available',
        'ApiClient.clientId',
      ],
    ],
    [
      'MEMBER',
      [
        'Query.me',
        'Mutation.redeemReward',
        'Mutation.enrol',
        'Member.statement',
        'Balance.byIssuer',
        'Activity.points',
        'Redemption.number',
      ],
      [
        'Query.member',
        'Query.myPartner',
        'Mutation.recordActivity',
        'Mutation.invitePartner',
        'Mutation.signContract',
        'Mutation.activatePartner',
        'Mutation.publishReward',
        'Mutation.createApiClient',
        'Activity.cost',
        'Partner.contract',
        'Contract.issuePrice',
        'RuleSet.rules',
        'ApiClient.clientId',
      ],
    ],
    [
      'PARTNER',
      [
        'Query.member',
        'Query.myPartner',
        'Mutation.recordActivity',
        'Mutation.createReward',
        'Member.balance',
        'Member.profile',
        'Activity.cost',
        'Partner.contract',
      ],
      [
        'Query.me',
        'Mutation.redeemReward',
        'Mutation.invitePartner',
        'Mutation.publishRuleSet',
        'Mutation.publishReward',
        'Member.statement',
        'Member.consents',
        'Member.redemptions',
        'Balance.byIssuer',
        'StatementEntry.points',
      ],
    ],
    [
      'ADMIN',
      [
        'Query.member',
        'Mutation.invitePartner',
        'Mutation.publishReward',
        'Member.statement',
        'Contract.issuePrice',
      ],
      ['Query.me', 'Query.myPartner', 'Mutation.redeemReward', 'Mutation.recordActivity'],
    ],
  ] as const)('hold for %s what it may use', (audience, found, absent) => {
    const fields = fieldsOf(graphs[audience]);

    expect(fields).toEqual(expect.arrayContaining([...found]));
    expect(fields.filter((field) => (absent as readonly string[]).includes(field))).toEqual([]);
  });

  it('leave out inputs and enums that lead nowhere', () => {
    const { PUBLIC, ADMIN } = graphs;

    for (const name of ['ActivityInput', 'RefundItemInput', 'RuleSetStatus', 'EntryKind']) {
      expect([name, PUBLIC.getType(name)]).toEqual([name, undefined]);
    }
    for (const name of ['InvitePartnerInput', 'RuleSetStatus', 'EntryKind', 'Date']) {
      expect(ADMIN.getType(name)).toBeDefined();
    }
  });
});

describe('a graph', () => {
  const graphOf = (sdl: string) => audienceGraphs(sdl).MEMBER;
  const printed = (sdl: string) => printSchema(graphOf(sdl)).replaceAll(/\s+/g, ' ');

  it.each([
    [
      'takes alternatives together, and lets all in where the public is',
      `type Query { a: Int @access(to: [ADMIN]) @access(to: [MEMBER], scope: X)
        b: Int @access(to: [PUBLIC])  c: Int @access(to: [PARTNER, ADMIN]) }`,
      'type Query { a: Int b: Int }',
    ],
    [
      'goes by a field’s rule instead of its type’s',
      `type Query { t: T }
       type T @access(to: [MEMBER, ADMIN]) { a: Int  b: Int @access(to: [ADMIN])  c: Int @access(to: [MEMBER]) }`,
      'type Query { t: T } type T { a: Int c: Int }',
    ],
    [
      'has no field that leads to a type without fields, through any number of types',
      `type Query { a: Int  t: [T!] }
       type T { u: U! }  type U { v: V }  type V { w: Int @access(to: [ADMIN]) }`,
      'type Query { a: Int }',
    ],
    [
      'has no row of a type that is not for its audience, whatever its fields say',
      `type Query { a: Int  t: T }  type T @access(to: [ADMIN]) { a: Int @access(to: [MEMBER]) }`,
      'type Query { a: Int }',
    ],
    [
      'keeps the members of a union that are there',
      `type Query { u: U  v: V }  union U = A | B  union V = B
       type A { a: Int }  type B @access(to: [ADMIN]) { b: Int }`,
      'type Query { u: U } union U = A type A { a: Int }',
    ],
    [
      'keeps of an interface what all its types show',
      `type Query { n: N }  interface N { id: ID  at: Int }
       type A implements N { id: ID  at: Int }
       type B implements N { id: ID  at: Int @access(to: [ADMIN]) }
       type C implements N @access(to: [ADMIN]) { id: ID  at: Int }`,
      'type Query { n: N } interface N { id: ID } ' +
        'type A implements N { id: ID at: Int } type B implements N { id: ID }',
    ],
    [
      'has no interface that no type has, and no type that says so',
      `type Query { a: A  n: N  m: M }
       interface N { x: Int }  interface M { y: Int }
       type A implements N { id: ID  x: Int @access(to: [ADMIN]) }
       type C implements M @access(to: [ADMIN]) { y: Int }`,
      'type Query { a: A } type A { id: ID }',
    ],
    [
      'reaches inputs, enums and scalars through arguments',
      `type Query { a(in: I, on: D): Int  b(in: J): Int @access(to: [ADMIN]) }
       input I { e: E = X, i: I }  input J { f: F }  enum E { X }  enum F { Y }
       scalar D @specifiedBy(url: "https://example.com")  scalar Z`,
      'type Query { a(in: I, on: D): Int } input I { e: E = X i: I } enum E { X } ' +
        'scalar D @specifiedBy(url: "https://example.com")',
    ],
    [
      'keeps what is deprecated, with its reason',
      `type Query { a(x: Int @deprecated(reason: "no"), e: E): Int @deprecated(reason: "old") }
       enum E { X  Y @deprecated(reason: "gone") }`,
      'type Query { a(x: Int @deprecated(reason: "no"), e: E): Int @deprecated(reason: "old") } ' +
        'enum E { X Y @deprecated(reason: "gone") }',
    ],
    [
      'has no mutations where its audience has none',
      `type Query { a: Int }  type Mutation { b: Int @access(to: [ADMIN]) }`,
      'type Query { a: Int }',
    ],
  ])('%s', (_, sdl, expected) => {
    expect(validateSchema(graphOf(sdl))).toEqual([]);
    expect(printed(sdl)).toBe(expected);
  });
});
