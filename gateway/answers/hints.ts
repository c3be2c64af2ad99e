import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  TypeInfo,
  TypeNameMetaFieldDef,
  getNamedType,
  isLeafType,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * How long an answer to a valid query may be kept, in seconds, by the `@cached` of all that it asks
 * for; 0 where something is not to be kept.
 */
export function secondsOf(
  document: DocumentNode,
  { operation }: OperationDefinitionNode,
  supergraph: GraphQLSchema,
): number {
  if (operation !== OperationTypeNode.QUERY) return 0;
  let seconds = Infinity;
  const info = new TypeInfo(supergraph);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field() {
        const field = info.getFieldDef();
        const isRoot = info.getParentType() === supergraph.getQueryType();
        seconds = Math.min(seconds, field ? secondsOfField(field, isRoot) : 0);
      },
    }),
  );
  // `__typename` alone says nothing worth keeping.
  return Number.isFinite(seconds) ? seconds : 0;
}

/** A leaf without a hint of its own is as fresh as what it stands in; at the root that is nothing. */
function secondsOfField(field: GraphQLField<unknown, unknown>, isRoot: boolean): number {
  const own = hintOf(field);
  if (own !== null) return own;
  const type = getNamedType(field.type);
  if (!isLeafType(type)) return hintOf(type) ?? 0;
  return isRoot && field !== TypeNameMetaFieldDef ? 0 : Infinity;
}

function hintOf({ astNode }: GraphQLField<unknown, unknown> | GraphQLNamedType): number | null {
  const hint = astNode?.directives?.find(({ name }) => name.value === 'cached');
  const value = hint?.arguments?.find(({ name }) => name.value === 'seconds')?.value;
  return value?.kind === Kind.INT ? Number(value.value) : null;
}
