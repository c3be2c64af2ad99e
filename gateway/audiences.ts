import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
  buildASTSchema,
  isTypeDefinitionNode,
  parse,
  specifiedScalarTypes,
  valueFromASTUntyped,
} from 'graphql';
import type { Audience } from '../platform/contract.generated.ts';

export const audiences = ['PUBLIC', 'MEMBER', 'PARTNER', 'ADMIN'] as const;

/** One graph for each audience. */
export type AudienceGraphs = Readonly<Record<Audience, GraphQLSchema>>;

/**
 * What each audience sees of a supergraph: the fields that it may read or call by `@access`, and the
 * types that these lead to.
 *
 * For introspection, documents and code generation: operations are checked and run on the whole
 * graph, so that a field that is denied answers null and is no error. Scopes and consents are the
 * token's and the member's: they narrow no graph.
 */
export function audienceGraphs(supergraphSdl: string): AudienceGraphs {
  return Object.fromEntries(graphsOf(supergraphSdl)) as AudienceGraphs;
}

/** The same, one after the other: each takes a moment. */
export function* graphsOf(supergraphSdl: string): Generator<[Audience, GraphQLSchema]> {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  for (const audience of audiences) yield [audience, graphOf(audience, definitions)];
}

type FieldsType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;
type Types = Map<string, TypeDefinitionNode>;

const roots = ['Query', 'Mutation', 'Subscription'];

function graphOf(audience: Audience, definitions: readonly DefinitionNode[]): GraphQLSchema {
  const types: Types = new Map(
    definitions
      .filter(isTypeDefinitionNode)
      // The supergraph's own, for routers.
      .filter(({ name }) => !name.value.includes('__'))
      .map((type) => [type.name.value, type]),
  );
  for (const [name, type] of types) {
    const visible = visibleOf(type, audience);
    if (visible) types.set(name, visible);
    else types.delete(name);
  }
  while (removeDeadEnds(types));
  const reached = reachedFrom(roots, types);
  return buildASTSchema(
    { kind: Kind.DOCUMENT, definitions: [...types.values()].filter((type) => reached.has(type)) },
    // Directives of the supergraph are not defined here, and say nothing to clients.
    { assumeValidSDL: true },
  );
}

/** The type with what the audience may read of it; null where that is nothing. */
function visibleOf(type: TypeDefinitionNode, audience: Audience): TypeDefinitionNode | null {
  if (!hasFields(type)) return type;
  // Where the type's own rule denies, its rows are null as a whole, whatever a field's rule says.
  if (!isOpenTo(audience, type)) return null;
  return withFields(type, (field) => isOpenTo(audience, field) && !isInaccessible(field));
}

/** Whether one of the rules, which are alternatives, names the audience; true without a rule. */
function isOpenTo(
  audience: Audience,
  { directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
): boolean {
  const rules = directives.filter(({ name }) => name.value === 'access');
  return rules.length === 0 || rules.some((rule) => namedBy(rule).has(audience));
}

/** What parts ask of one another: no client sees it. */
function isInaccessible({ directives = [] }: FieldDefinitionNode): boolean {
  return directives.some(({ name }) => name.value === 'inaccessible');
}

function namedBy(rule: ConstDirectiveNode): ReadonlySet<Audience> {
  const to = rule.arguments?.find(({ name }) => name.value === 'to')?.value;
  const named = (to ? valueFromASTUntyped(to) : []) as Audience[];
  return new Set(named.includes('PUBLIC') ? audiences : named);
}

/**
 * Takes away what leads to a type that is not there: fields, members of unions, and the interfaces
 * that no type has whole. @returns whether there was any
 */
function removeDeadEnds(types: Types): boolean {
  const before = sizeOf(types);
  for (const [name, type] of types) {
    const left = withoutDeadEnds(type, types);
    if (left) types.set(name, left);
    else types.delete(name);
  }
  return sizeOf(types) < before;
}

function withoutDeadEnds(type: TypeDefinitionNode, types: Types): TypeDefinitionNode | null {
  const isThere = (node: NamedTypeNode) => types.has(node.name.value);
  if (type.kind === Kind.UNION_TYPE_DEFINITION) {
    const members = type.types?.filter(isThere) ?? [];
    return members.length > 0 ? { ...type, types: members } : null;
  }
  if (!hasFields(type)) return type;
  const left = withFields(type, (field) => isKnown(field.type, types));
  if (!left) return null;
  if (left.kind === Kind.INTERFACE_TYPE_DEFINITION) {
    // What one of its types does not show, the interface cannot promise.
    const having = implementersOf(left, types);
    if (having.length === 0) return null;
    return withFields(left, ({ name }) => having.every((each) => fieldNames(each).has(name.value)));
  }
  return { ...left, interfaces: left.interfaces?.filter(isThere) ?? [] };
}

function implementersOf({ name }: FieldsType, types: Types): FieldsType[] {
  return [...types.values()]
    .filter(hasFields)
    .filter(({ interfaces }) => interfaces?.some((each) => each.name.value === name.value));
}

/** Counts what can be taken away. */
function sizeOf(types: Types): number {
  let size = types.size;
  for (const type of types.values()) {
    if (hasFields(type)) size += type.fields!.length + (type.interfaces?.length ?? 0);
    if (type.kind === Kind.UNION_TYPE_DEFINITION) size += type.types!.length;
  }
  return size;
}

/** The types that a client of these roots can meet, in results and in arguments. */
function reachedFrom(names: readonly string[], types: Types): ReadonlySet<TypeDefinitionNode> {
  const reached = new Set<TypeDefinitionNode>();
  const visit = (name: string): void => {
    const type = types.get(name);
    if (!type || reached.has(type)) return;
    reached.add(type);
    for (const next of neighboursOf(type, types)) visit(next);
  };
  for (const name of names) visit(name);
  return reached;
}

function neighboursOf(type: TypeDefinitionNode, types: Types): string[] {
  switch (type.kind) {
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return typeNames(type.fields);
    case Kind.UNION_TYPE_DEFINITION:
      return type.types!.map(({ name }) => name.value);
    case Kind.INTERFACE_TYPE_DEFINITION:
      return [...metByFields(type), ...implementersOf(type, types).map(({ name }) => name.value)];
    case Kind.OBJECT_TYPE_DEFINITION:
      return metByFields(type);
    default:
      return [];
  }
}

function metByFields({ fields = [], interfaces = [] }: FieldsType): string[] {
  return [
    ...typeNames(fields),
    ...fields.flatMap((field) => typeNames(field.arguments)),
    ...interfaces.map(({ name }) => name.value),
  ];
}

function typeNames(fields: readonly (FieldDefinitionNode | InputValueDefinitionNode)[] = []) {
  return fields.map(({ type }) => namedTypeOf(type));
}

function hasFields(type: TypeDefinitionNode): type is FieldsType {
  return type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

/** The type with the fields that pass; null where none does. */
function withFields(
  type: FieldsType,
  passes: (field: FieldDefinitionNode) => boolean,
): FieldsType | null {
  const fields = type.fields?.filter(passes) ?? [];
  return fields.length > 0 ? { ...type, fields } : null;
}

function fieldNames({ fields = [] }: FieldsType): ReadonlySet<string> {
  return new Set(fields.map(({ name }) => name.value));
}

const builtIn: ReadonlySet<string> = new Set(specifiedScalarTypes.map(({ name }) => name));

function isKnown(type: TypeNode, types: Types): boolean {
  const name = namedTypeOf(type);
  return builtIn.has(name) || types.has(name);
}

function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}
