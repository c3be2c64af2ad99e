import {
  type ConstDirectiveNode,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  isEnumType,
  isInterfaceType,
  isObjectType,
  parse,
  visit,
} from 'graphql';

/** Names of fields that subgraphs tell each other, which clients may want for something else. */
export interface Told {
  readonly names: ReadonlySet<string>;
  /** Those among them that are told for arguments of a subgraph's choice. */
  readonly withArguments: ReadonlySet<string>;
}

/** Reads from a supergraph what its keys, @requires and @provides speak of. */
export function readTold(supergraph: GraphQLSchema): Told {
  const names = new Set(['__typename']);
  const withArguments = new Set<string>();
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const fields = Object.values(type.getFields());
    for (const { astNode } of [type, ...fields]) {
      for (const set of (astNode?.directives ?? []).flatMap(fieldSetsOf)) {
        visit(set, {
          Field(node) {
            names.add(node.name.value);
            if (node.arguments?.length) withArguments.add(node.name.value);
          },
        });
      }
    }
  }
  return { names, withArguments };
}

/**
 * The fields of a type that a subgraph is told for fields of its own alone: where none of those is
 * asked for, it can do without.
 */
export function fieldsRequiredIn(
  supergraph: GraphQLSchema,
  subgraph: string,
  typename: string,
): ReadonlySet<string> {
  const type = supergraph.getType(typename);
  if (!isObjectType(type) && !isInterfaceType(type)) return new Set();
  const graph = graphOf(supergraph, subgraph);
  const own = ({ arguments: given = [] }: ConstDirectiveNode) =>
    given.some(
      ({ name, value }) => name.value === 'graph' && 'value' in value && value.value === graph,
    );
  // A subgraph may know an object by an interface of it.
  const types = [type, ...type.getInterfaces()];
  const namesOf = (
    nodes: readonly ({ directives?: readonly ConstDirectiveNode[] } | null | undefined)[],
  ) =>
    nodes.flatMap((node) =>
      (node?.directives ?? []).filter(own).flatMap(fieldSetsOf).flatMap(fieldsOf),
    );
  const required = namesOf(
    types.flatMap((each) => Object.values(each.getFields()).map(({ astNode }) => astNode)),
  );
  const keys = new Set(namesOf(types.map(({ astNode }) => astNode)));
  return new Set(required.filter((name) => !keys.has(name)));
}

/** What the supergraph calls a subgraph. */
function graphOf(supergraph: GraphQLSchema, subgraph: string): string | undefined {
  const graphs = supergraph.getType('join__Graph');
  const values = isEnumType(graphs) ? graphs.getValues() : [];
  return values.find(({ astNode }) =>
    astNode?.directives?.some(({ arguments: given = [] }) =>
      given.some(
        ({ name, value }) => name.value === 'name' && 'value' in value && value.value === subgraph,
      ),
    ),
  )?.name;
}

/** The sets of fields that a directive of a supergraph names. */
function fieldSetsOf({ arguments: given = [] }: ConstDirectiveNode): SelectionSetNode[] {
  return given.flatMap(({ name, value }) => {
    const isFieldSet = ['key', 'requires', 'provides'].includes(name.value);
    if (!isFieldSet || value.kind !== Kind.STRING) return [];
    const [operation] = parse(`{${value.value}}`, { noLocation: true }).definitions;
    return operation?.kind === Kind.OPERATION_DEFINITION ? [operation.selectionSet] : [];
  });
}

function fieldsOf({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node.name.value];
    return node.kind === Kind.INLINE_FRAGMENT ? fieldsOf(node.selectionSet) : [];
  });
}
