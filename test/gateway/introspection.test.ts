import {
  type IntrospectionQuery,
  buildClientSchema,
  getIntrospectionQuery,
  printSchema,
  validateSchema,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audienceGraphs, audiences } from '../../gateway/audiences.ts';
import { root } from '../../platform/root.ts';
import { type RunningGateway, post, startWholeGateway } from '../support/gateway.ts';
import { createIssuer } from '../support/tokens.ts';

const issuer = await createIssuer();
const id = '0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b11';
const claims = {
  PUBLIC: null,
  MEMBER: { principal: 'member', member_id: id },
  // A token without a scope: what it may not do is still there to be read about.
  PARTNER: { principal: 'partner', partner_id: id, scope: '' },
  ADMIN: { principal: 'admin' },
};

const whole = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
};

describe('introspection', () => {
  let gateway: RunningGateway;
  let hops = 0;
  beforeAll(async () => {
    const send = () => Promise.reject(new Error(`hop ${++hops}`));
    gateway = await startWholeGateway({ keys: issuer.keys, send });
  });
  afterAll(() => gateway.drain());
  beforeEach(() => void (hops = 0));

  async function ask(audience: keyof typeof claims, query: string, variables: object = {}) {
    const given = claims[audience];
    const token = given && { authorization: `Bearer ${await issuer.issue(given)}` };
    return post(gateway.url, query, { ...token }, variables);
  }

  it.each(audiences)('gives tools the whole graph of its audience: %s', async (audience) => {
    const { status, body } = await ask(audience, getIntrospectionQuery(whole));

    expect([status, body.errors]).toEqual([200, undefined]);
    const read = buildClientSchema(body.data as unknown as IntrospectionQuery);
    expect(validateSchema(read)).toEqual([]);
    const sdl = readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8');
    expect(printSchema(read)).toBe(printSchema(audienceGraphs(sdl)[audience]));
    expect(hops).toBe(0);
  });

  it.each([
    ['PUBLIC', ['enrol', 'verifyEmail'], ['redeemReward', 'recordActivity', 'invitePartner']],
    ['MEMBER', ['enrol', 'redeemReward'], ['recordActivity', 'invitePartner', 'createReward']],
    ['PARTNER', ['recordActivity', 'createReward'], ['redeemReward', 'invitePartner']],
    ['ADMIN', ['invitePartner', 'createReward'], ['redeemReward', 'recordActivity']],
  ] as const)('shows %s the operations that it may call', async (audience, found, absent) => {
    const { body } = await ask(audience, '{ __schema { mutationType { fields { name } } } }');

    const { __schema } = body.data as unknown as {
      __schema: { mutationType: { fields: { name: string }[] } };
    };
    const shown = __schema.mutationType.fields.map(({ name }) => name);
    expect(shown).toEqual(expect.arrayContaining([...found]));
    expect(shown.filter((name) => (absent as readonly string[]).includes(name))).toEqual([]);
  });

  it('goes by fragments, aliases, variables and directives', async () => {
    const query = `
      query ($name: String!, $more: Boolean!) { ...Root  kind: __typename }
      fragment Root on Query {
        contract: __type(name: $name) { name }
        ... @include(if: $more) { __type(name: "Partner") { name } }
      }`;

    const admin = await ask('ADMIN', query, { name: 'Contract', more: true });
    const anyone = await ask('PUBLIC', query, { name: 'Contract', more: false });

    expect(admin.body).toEqual({
      data: { contract: { name: 'Contract' }, __type: { name: 'Partner' }, kind: 'Query' },
    });
    expect(anyone.body).toEqual({ data: { contract: null, kind: 'Query' } });
    expect(hops).toBe(0);
  });

  it.each([
    ['beside data', '{ __schema { queryType { name } } partners { nodes { id } } }'],
    [
      'beside data in a fragment',
      '{ me { id } ...A } fragment A on Query { ... { __type(name: "A") { name } } }',
    ],
  ])('is refused %s', async (_, query) => {
    const { status, body } = await ask('PUBLIC', query);

    const message =
      'Ask for the schema in an operation of its own: __schema and __type stand alone.';
    expect(body.errors).toMatchObject([
      { message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect(status).toBe(400);
    expect(hops).toBe(0);
  });

  it('refuses a variable of another type as any operation does', async () => {
    const query = 'query ($name: String!) { __type(name: $name) { name } }';

    const { status, body } = await ask('MEMBER', query, { name: 7 });

    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('is the only way to names: errors suggest none', async () => {
    const { body } = await ask('PUBLIC', 'mutation { invitePartne { partner { id } } }');

    expect(body.errors).toMatchObject([
      { message: 'Cannot query field "invitePartne" on type "Mutation".' },
    ]);
  });

  it('changes nothing of what is asked: a hidden field is refused by its owner, not by its name', async () => {
    const { status, body } = await ask(
      'PUBLIC',
      'mutation { activatePartner(id: "x") { partner { id } } }',
    );

    expect(status).toBe(200);
    expect(body.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect(hops).toBe(1);
  });
});
