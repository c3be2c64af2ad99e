import {
  type DefinitionNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { subgraphNames } from '../platform/config.ts';
import { readSdl } from '../platform/subgraph.ts';

const isObject = (node: DefinitionNode): node is ObjectTypeDefinitionNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION;
const directives = (node: ObjectTypeDefinitionNode | FieldDefinitionNode) =>
  (node.directives ?? []).map(({ name }) => name.value);

/** Of the type itself: a batch answers with a list of payloads. */
const nameOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);

describe.each(subgraphNames)('the schema of %s', (name) => {
  const { definitions } = readSdl(name);
  const roots = definitions
    .filter(isObject)
    .filter((type) => ['Query', 'Mutation'].includes(type.name.value));
  const rootFields = roots.flatMap((type) => type.fields ?? []);

  it('describes every operation', () => {
    const bare = rootFields.filter((field) => !field.description).map((field) => field.name.value);

    expect(rootFields.length).toBeGreaterThan(1);
    expect(bare).toEqual([]);
  });

  it('describes every type', () => {
    const bare = definitions.flatMap((node) =>
      'description' in node && 'name' in node && !node.description ? [node.name!.value] : [],
    );

    expect(bare.filter((type) => !['Query', 'Mutation'].includes(type))).toEqual([]);
  });

  it('lets root fields be null, so that a failing subgraph leaves the rest whole', () => {
    const rigid = rootFields.filter(({ type }) => type.kind === Kind.NON_NULL_TYPE);

    expect(rigid.map((field) => field.name.value)).toEqual([]);
  });

  it('gives every mutation a rule, and a payload with userErrors', () => {
    const mutations = roots.find((type) => type.name.value === 'Mutation')?.fields ?? [];
    const typed = new Map(definitions.filter(isObject).map((type) => [type.name.value, type]));

    expect(mutations.length).toBeGreaterThan(0);
    for (const mutation of mutations) {
      const payload = typed.get(nameOf(mutation.type));
      expect(directives(mutation)).toContain('access');
      expect(payload?.fields?.map((field) => field.name.value)).toContain('userErrors');
    }
  });
});
