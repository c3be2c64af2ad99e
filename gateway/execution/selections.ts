import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type Variables, given } from './run.ts';
import { isOfType } from './types.ts';

/** A variable's value where it decides what is selected: a boolean, as the schema has checked. */
export function readCondition(
  { variableDefinitions = [] }: OperationDefinitionNode,
  name: string,
  variables: Variables,
): boolean {
  const value = given(variables, name);
  if (value !== undefined) return value === true;
  const definition = variableDefinitions.find(({ variable }) => variable.name.value === name);
  const standard = definition?.defaultValue;
  return standard?.kind === Kind.BOOLEAN && standard.value;
}

/** The variables that decide, anywhere in a document, what is selected. */
export function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: values = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of values) {
        if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
    },
  });
  return [...names];
}

/** What the fields of a selection are found by. */
export interface Selecting {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The variables that decide what is selected. */
  conditions: ReadonlyMap<string, boolean>;
  /** The name that a field of the document has in the plan. */
  wording: { nameOf: (node: FieldNode) => string };
}

/**
 * The fields that are asked of an object of a type, by their names in the answer, in its order. A
 * field that is written several times has all of its nodes.
 */
export function collectFields(
  selecting: Selecting,
  sets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const { schema, fragments, conditions } = selecting;
  const seen = new Set<string>();
  const isForType = (condition?: string) =>
    condition === undefined || isOfType(schema, type.name, condition);
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (!isIncluded(node, conditions)) continue;
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value;
        const nodes = fields.get(name);
        if (nodes) nodes.push(node);
        else fields.set(name, [node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (isForType(node.typeCondition?.name.value)) collect(node.selectionSet);
      } else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = fragments.get(node.name.value)!;
        if (isForType(fragment.typeCondition.name.value)) collect(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  return fields;
}

function isIncluded(
  { directives = [] }: SelectionNode,
  conditions: Selecting['conditions'],
): boolean {
  return directives.every(({ name, arguments: [argument] = [] }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = argument?.value;
    const holds =
      value?.kind === Kind.VARIABLE
        ? conditions.get(value.name.value) === true
        : value?.kind === Kind.BOOLEAN && value.value;
    return holds === (name.value === 'include');
  });
}

export function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
}
