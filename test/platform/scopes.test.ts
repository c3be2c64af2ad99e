import {
  type ConstDirectiveNode,
  type GraphQLInputType,
  type GraphQLObjectType,
  Kind,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  isScalarType,
  valueFromASTUntyped,
} from 'graphql';
import { subgraphNames } from '../../platform/config.ts';
import type { Audience, Scope } from '../../platform/contract.generated.ts';
import { scopesOf } from '../../platform/scopes.ts';
import { type Subgraph, readSdl } from '../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { useAllSubgraphs } from '../support/all-subgraphs.ts';
import { useTestDatabase } from '../support/database.ts';
import { callSubgraph } from '../support/subgraph.ts';

interface Rule {
  to: Audience[];
  scope?: Scope;
}

function rulesOf(directives: readonly ConstDirectiveNode[] = []): Rule[] {
  return directives
    .filter(({ name }) => name.value === 'access')
    .map((directive) => {
      const given = (directive.arguments ?? []).map(({ name, value }) => [
        name.value,
        valueFromASTUntyped(value) as unknown,
      ]);
      return Object.fromEntries(given) as Rule;
    });
}

/** Every rule that stands anywhere in the SDL, on a type or a field. */
const everyRule = subgraphNames.flatMap((name) =>
  readSdl(name).definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION
      ? [node, ...(node.fields ?? [])].flatMap(({ directives }) => rulesOf(directives))
      : [],
  ),
);
const signedIn = ['MEMBER', 'PARTNER', 'ADMIN'] as const;

describe('the scopes of the SDL', () => {
  it.each(signedIn)('that a rule asks of %s are ones that its tokens may hold', (audience) => {
    const asked = everyRule.filter(({ to, scope }) => scope && to.includes(audience));

    expect(asked.length).toBeGreaterThan(2);
    for (const { scope } of asked) expect(scopesOf(audience)).toContain(scope);
  });

  it('stand only in rules for those who may hold them, and each has one holder', () => {
    const common = readSdl('partners').definitions.find(
      (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'Scope',
    );
    const names =
      common?.kind === Kind.ENUM_TYPE_DEFINITION
        ? common.values!.map(({ name }) => name.value).sort()
        : [];

    expect(signedIn.flatMap(scopesOf).sort()).toEqual(names);
    for (const { to, scope } of everyRule) {
      if (!scope) continue;
      for (const audience of to) expect(scopesOf(audience as 'MEMBER')).toContain(scope);
    }
  });
});

describe('a root operation', () => {
  const test = useTestDatabase();
  const subgraphs = useAllSubgraphs(test);

  it('that asks for a scope is forbidden to a token that holds every other, and to none else', async () => {
    const tried: string[] = [];
    for (const subgraph of subgraphs()) {
      for (const { query, name, rules } of operationsOf(subgraph)) {
        for (const audience of signedIn) {
          const own = rules.filter(({ to }) => to.includes(audience));
          if (own.length === 0 || own.some(({ scope }) => !scope)) continue;
          const needed = own.map(({ scope }) => scope!);
          const codeWith = async (scopes: Scope[]) => {
            const { errors } = await callSubgraph(subgraph, viewerOf(audience, scopes), query);
            return errors?.[0]?.extensions?.code;
          };
          const others = scopesOf(audience).filter((scope) => !needed.includes(scope));
          const outcome = [
            await codeWith(others),
            ...(await Promise.all(needed.map((scope) => codeWith([scope])))),
          ];

          expect([name, audience, outcome[0]]).toEqual([name, audience, 'FORBIDDEN']);
          expect([name, ...outcome.slice(1)]).not.toContain('FORBIDDEN');
          expect([name, ...outcome]).not.toContain('GRAPHQL_VALIDATION_FAILED');
          tried.push(`${name} ${audience} ${needed.join()}`);
        }
      }
    }

    expect(tried).toEqual(
      expect.arrayContaining([
        'recordActivity PARTNER ACCRUALS_WRITE',
        'updatePartner PARTNER RULES_MANAGE',
        'updatePartner ADMIN PARTNERS_MANAGE',
        'revokeApiClient PARTNER CLIENTS_MANAGE',
        'createReward PARTNER CATALOG_MANAGE',
        'redeemReward MEMBER REDEEM',
      ]),
    );
  });
});

function viewerOf(audience: Audience, scopes: Scope[]): Viewer {
  const id = '00000000-0000-4000-8000-000000000000';
  const principal = {
    MEMBER: { memberId: id },
    PARTNER: { partnerId: id },
    ADMIN: {},
    PUBLIC: {},
  }[audience];
  return { ...anonymous, audience, ...principal, subject: id, scopes };
}

/** An operation for each root field, with the least that its arguments take. */
function operationsOf({ schema }: Subgraph) {
  const roots = [schema.getQueryType(), schema.getMutationType()] as GraphQLObjectType[];
  return roots.flatMap((root) =>
    Object.values(root.getFields())
      .filter(({ name }) => !name.startsWith('_'))
      .map(({ name, args, type, astNode }) => {
        const given = args
          .filter((argument) => isNonNullType(argument.type))
          .map((argument) => `${argument.name}: ${leastOf(argument.type)}`);
        const call = given.length > 0 ? `${name}(${given.join(', ')})` : name;
        const selection = isObjectType(getNamedType(type)) ? '{ __typename }' : '';
        const query = `${root.name.toLowerCase()} { ${call} ${selection} }`;
        return { name, query, rules: rulesOf(astNode?.directives) };
      }),
  );
}

/** The least literal of an input's type. */
function leastOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return leastOf(type.ofType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${fields.map((field) => `${field.name}: ${leastOf(field.type)}`).join(', ')} }`;
  }
  return literals[isScalarType(type) ? type.name : ''] ?? '"x"';
}

const literals: Record<string, string> = {
  Int: '1',
  Points: '1',
  Boolean: 'true',
  Decimal: '"1"',
  DateTime: '"2026-01-01T00:00:00Z"',
  Date: '"2026-01-01"',
  Currency: '"EUR"',
};
