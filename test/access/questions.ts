import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { type Place, isMarked, isRoot, typesOf } from './rules.ts';
import type { Sown } from './sown.ts';

/** What is asked for one line of the matrix: of everybody, in the same words. */
export interface Question extends Place {
  /** Which arguments, where a field is asked in several ways; "by reference" of a type with a key. */
  way: string;
  /** A selection of the root type. */
  text: string;
}

/** The field of `Query` that gives a sown row of the type to everybody whom the type's rules let. */
export const rowFieldOf = (type: string) => `row_${type}`;

/** The types whose rows are looked at one by one: those with rules, and those with a key. */
export function rowTypesOf(sdl: DocumentNode): string[] {
  return typesOf(sdl)
    .filter(({ name }) => !isRoot(name.value))
    .filter((type) => isMarked(type) || isKeyed(type) || type.fields!.some(isMarked))
    .map(({ name }) => name.value);
}

/** Whether other subgraphs may ask for a row of it by its key. */
export function isKeyed({ directives = [] }: ReturnType<typeof typesOf>[number]): boolean {
  return directives.some(
    ({ name, arguments: given = [] }) =>
      name.value === 'key' && given.every((each) => each.name.value !== 'resolvable'),
  );
}

/** All questions of a subgraph: operations, rows, their marked fields, and references to rows. */
export function questionsOf(sdl: DocumentNode, schema: GraphQLSchema, sown: Sown): Question[] {
  const asked = argumentsOf(sown);
  const rows = new Set(rowTypesOf(sdl));
  return typesOf(sdl).flatMap((type): Question[] => {
    const name = type.name.value;
    const schemaType = schema.getType(name);
    if (!isObjectType(schemaType)) return [];
    const fields = type.fields!.map(
      (node) => [node, schemaType.getFields()[node.name.value]!] as const,
    );
    if (isRoot(name)) {
      return fields.flatMap(([, field]) =>
        waysOf(asked[field.name]).map(([way, given]) => {
          return { type: name, field: field.name, way, text: selection(field, given) };
        }),
      );
    }
    if (!rows.has(name)) return [];
    const ofRow = (inside: string) => `${rowFieldOf(name)} { ${inside} }`;
    const references = `_entities(representations: $${name}) { __typename }`;
    return [
      ...(isMarked(type) || isKeyed(type)
        ? [{ type: name, field: null, way: '', text: ofRow('__typename') }]
        : []),
      ...(isKeyed(type)
        ? [{ type: name, field: null, way: 'by reference', text: references }]
        : []),
      ...fields.flatMap(([node, field]) => {
        const ways = asked[`${name}.${field.name}`];
        if (!ways && !isMarked(node)) return [];
        return waysOf(ways).map(([way, given]) => {
          const text = ofRow(`value: ${selection(field, given)}`);
          return { type: name, field: field.name, way, text };
        });
      }),
    ];
  });
}

export type Arguments = Record<string, unknown>;

/** A field that is not told anything is asked in one way. */
function waysOf(ways: Record<string, Arguments> = { '': {} }): [string, Arguments][] {
  return Object.entries(ways);
}

/** The field with what it needs, and the least of what it gives. */
function selection(field: GraphQLField<unknown, unknown>, given: Arguments = {}): string {
  const type = getNamedType(field.type);
  const nodes = isObjectType(type) && 'nodes' in type.getFields();
  const inside = nodes ? ' { nodes { __typename } }' : ' { __typename }';
  return `${calling(field, given)}${isLeafType(type) ? '' : inside}`;
}

/** The field with its arguments: those that are given, and anything that is valid for what it needs besides. */
export function calling(field: GraphQLField<unknown, unknown>, given: Arguments = {}): string {
  const args = field.args
    .filter((argument) => argument.name in given || isRequiredArgument(argument))
    .map((argument) => `${argument.name}: ${written(argument, given)}`);
  return args.length > 0 ? `${field.name}(${args.join(', ')})` : field.name;
}

function written({ name, type }: GraphQLArgument, given: Arguments): string {
  return literal(name in given ? given[name] : anyOf(type), type);
}

function literal(value: unknown, type: GraphQLInputType): string {
  const inner = getNullableType(type);
  if (isListType(inner))
    return `[${(value as unknown[]).map((one) => literal(one, inner.ofType)).join(', ')}]`;
  if (isEnumType(inner)) return String(value);
  if (!isInputObjectType(inner)) return JSON.stringify(value);
  const fields = Object.entries(value as object).map(
    ([name, each]) => `${name}: ${literal(each, inner.getFields()[name]!.type)}`,
  );
  return `{ ${fields.join(', ')} }`;
}

/** By the names that scalars have in a subgraph. */
const anyScalar: Record<string, unknown> = {
  ID: '00000000-0000-4000-8000-000000000000',
  String: 'anything',
  Int: 1,
  Boolean: true,
  Points: 1,
  Decimal: '1',
  Currency: 'EUR',
  Date: '2026-01-01',
  DateTime: '2026-01-01T00:00:00Z',
};

/** A value that is valid for the type, with nothing that may be left out. */
function anyOf(type: GraphQLInputType): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return [anyOf(inner.ofType)];
  if (isEnumType(inner)) return inner.getValues()[0]!.value;
  if (!isInputObjectType(inner)) return anyScalar[inner.name];
  const needed = Object.values(inner.getFields()).filter(isRequiredInputField);
  return Object.fromEntries(needed.map((field) => [field.name, anyOf(field.type)]));
}

/** How fields are asked that need to be told what for, or do not show the same to all who reach them. */
export function argumentsOf(sown: Sown): Record<string, Record<string, Arguments>> {
  const { live, trial, members, partners, redemption, reward, draft, erasure, post, review } = sown;
  const inBothHalves = (key: 'hold' | 'activity') => {
    return {
      id: { id: live[key].id },
      reference: { reference: live[key].reference },
      'id, of the sandbox': { id: trial[key].id },
      'reference, of the sandbox': { reference: trial[key].reference },
    };
  };
  return {
    hold: inBothHalves('hold'),
    activity: inBothHalves('activity'),
    claim: { id: { id: sown.claim.id } },
    replay: { id: { id: sown.replay.id } },
    conversion: {
      id: { id: live.conversion.id },
      'id, of the sandbox': { id: trial.conversion.id },
    },
    member: {
      id: { by: { id: members.self } },
      email: { by: { email: sown.email } },
      memberNumber: { by: { memberNumber: sown.memberNumber } },
      'id, of the sandbox': { by: { id: members.trial } },
    },
    redemption: { id: { id: redemption.id }, number: { number: redemption.number } },
    erasure: { id: { id: erasure.id } },
    dataExport: { id: { id: sown.dataExport.id } },
    'DataExport.piece': { '': { place: 0 } },
    activityImport: { id: { id: sown.imported.id } },
    'ActivityImport.rejectionsAfter': { '': { line: 0 } },
    quotePayment: { '': { amount: { amount: '10', currency: 'EUR' } } },
    quoteConversion: { '': { from: 'PTS', to: live.miles, points: 1 } },
    quoteRedemption: { '': { input: { rewardId: reward.id } } },
    staff: { 'its own': {}, 'of the partner': { partnerId: partners.own } },
    partner: { id: { id: partners.own }, 'id, not live': { id: partners.invited } },
    partners: { '': {}, 'not live': { status: 'DRAFT' } },
    offer: {
      id: { id: sown.offers.all.id },
      'id, for a segment': { id: sown.offers.some.id },
      'id, a draft': { id: sown.offers.draft.id },
    },
    offers: { '': {}, drafts: { status: 'DRAFT' } },
    'Partner.offers': { '': {}, drafts: { status: 'DRAFT' } },
    previewPoints: {
      '': {
        input: {
          partnerId: partners.own,
          kind: 'PURCHASE',
          amount: { amount: '10', currency: 'EUR' },
        },
      },
    },
    simulateActivity: {
      '': {
        input: {
          member: { id: members.self },
          kind: 'PURCHASE',
          reference: 'WHAT-IF',
          occurredAt: new Date().toISOString(),
          amount: { amount: '10', currency: 'EUR' },
        },
      },
    },
    settlementStatement: { id: { id: sown.statement.id } },
    'SettlementStatement.csvPiece': { '': { place: 0 } },
    reward: { id: { id: reward.id }, 'id, a draft': { id: draft.id } },
    rewards: { '': {}, drafts: { filter: { status: 'DRAFT' } } },
    'Partner.rewards': { '': {}, drafts: { status: 'DRAFT' } },
    post: { id: { id: post.id } },
    review: { id: { id: review.id } },
  };
}
