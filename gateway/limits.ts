import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type ValueNode,
  getNamedType,
  getNullableType,
  isCompositeType,
  isIntrospectionType,
  isListType,
  isUnionType,
  valueFromAST,
  visit,
} from 'graphql';
import { httpRefusal } from '../platform/errors.ts';
import type { Limits } from '../platform/limits.ts';
import type { GatewayContext } from './context.ts';
import { readVariables } from './variables.ts';

/** The most that an operation, or a part of it, can come to. */
interface Size {
  depth: number;
  /** Depth below `__schema` and `__type`, which tools read in one deep query. */
  introspectionDepth: number;
  /** Fields of the answer below them. */
  introspectionFields: number;
  /** Fields as they are planned: each alias counts, and each use of a fragment. */
  fields: number;
  /** Of them, those that no other field holds. */
  rootFields: number;
  /** Fields of the longest answer: each as often as its pages may have rows. */
  answerFields: number;
}

/** What an operation costs with its variables, for a client that asks: what its limits are of. */
export type Cost = Pick<Size, 'depth' | 'fields' | 'answerFields'>;

/** Refuses an operation by its size, before it is planned, and tells the size to who asks for it. */
export function sizeLimits(limits: Limits): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart() {
      let cost: Cost | null = null;
      return Promise.resolve({
        // Validation is left out for a document that was seen before; this runs for each request.
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          const variables = readVariables(schema, operation, request.variables ?? {}).coerced;
          // The executor refuses variables of the wrong type before it plans.
          if (!variables) return;
          const { size } = sizeOf({ schema, document, operation, variables, limits });
          cost = costOf(size);
          const refused = refusalOf(size, operation, limits);
          if (refused) throw httpRefusal(400, 'QUERY_TOO_EXPENSIVE', refused);
          if (operation.operation === OperationTypeNode.MUTATION) {
            await contextValue.countMutations(size.rootFields);
          }
        },
        willSendResponse({ contextValue, response: { body } }) {
          if (cost && contextValue.tellsCost && body.kind === 'single') {
            body.singleResult.extensions = { ...body.singleResult.extensions, cost };
          }
          return Promise.resolve();
        },
      });
    },
  };
}

/** An introspection is as deep as its own limit counts. */
function costOf({ depth, introspectionDepth, fields, answerFields }: Size): Cost {
  return { depth: Math.max(depth, introspectionDepth), fields, answerFields };
}

/** Costs that are kept of one operation, each of other variables. */
const costsMax = 16;

/**
 * What tells, for each request of an operation that is asked again and again, what it costs with its
 * variables; null where that is too much. It is counted once for what the variables can change.
 */
export function openCostCheck(
  counted: Omit<Counted, 'variables'>,
): (variables: Counted['variables']) => Cost | null {
  const costs = new Map<string, Cost | null>();
  let deciding: readonly string[] | null = null;
  return (variables) => {
    const key = deciding?.map((name) => bulkOf(variables[name])).join();
    const known = key === undefined ? undefined : costs.get(key);
    if (known !== undefined) return known;
    const { size, variablesRead } = sizeOf({ ...counted, variables });
    deciding ??= [...variablesRead];
    const isFit = refusalOf(size, counted.operation, counted.limits) === null;
    const cost = isFit ? costOf(size) : null;
    if (costs.size === costsMax) costs.clear();
    costs.set(deciding.map((name) => bulkOf(variables[name])).join(), cost);
    return cost;
  };
}

/** What of a value can change a size: a number, or how long a list is. */
function bulkOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? `of ${value.length}` : value === null ? 'null' : typeof value;
}

/** Why a valid operation is too much to plan; null where it is not. */
export function refusalOfOperation(counted: Counted): string | null {
  return refusalOf(sizeOf(counted).size, counted.operation, counted.limits);
}

function refusalOf(
  size: Size,
  { operation }: OperationDefinitionNode,
  limits: Limits,
): string | null {
  const { mutationFields } = limits;
  if (operation === OperationTypeNode.MUTATION && size.rootFields > mutationFields) {
    return `A request has at most ${mutationFields} mutations.`;
  }
  const { documentDepth, introspectionDepth, introspectionFields } = limits;
  const { documentFields, answerFields } = limits;
  if (size.depth > documentDepth) return `An operation is at most ${documentDepth} fields deep.`;
  if (size.introspectionDepth > introspectionDepth) {
    return `An introspection is at most ${introspectionDepth} fields deep.`;
  }
  if (size.introspectionFields > introspectionFields) {
    return `An introspection has at most ${introspectionFields} fields in its answer: ask for fewer at once.`;
  }
  if (size.fields > documentFields) {
    return `An operation has at most ${documentFields} fields, counted in each use of a fragment.`;
  }
  if (size.answerFields > answerFields) {
    return `An answer has at most ${answerFields} fields: ask for shorter pages, or for fewer in each other.`;
  }
  return null;
}

/** What is counted. */
interface Counted {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As coerced: with their defaults. */
  variables: Readonly<Record<string, unknown>>;
  limits: Limits;
}

/** The rows that a list without pages is taken to have at least. */
const plainRows = 5;

/** The rows that a list of the schema's is taken to have, about as many as they have. */
const schemaRows: Readonly<Record<string, number>> = { types: 600, fields: 12, args: 2 };

/**
 * Counts a valid operation; each fragment once for each length of page that it stands in.
 *
 * @returns also the variables that were read to do so
 */
function sizeOf({ schema, document, operation, variables, limits }: Counted): {
  size: Size;
  variablesRead: ReadonlySet<string>;
} {
  const { valueOf, variablesRead } = readerOf(variables);
  const fragments = fragmentsOf(document);
  const counted = new Map<string, Size>();

  /** `rows`: how many the connection has that the selection is of; null where it is of another type. */
  function ofSelections(
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    rows: number | null,
  ): Size {
    const sizes = set.selections.map((node) => {
      if (node.kind === Kind.FIELD) return ofField(node, type, rows);
      if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value, rows);
      const { typeCondition, selectionSet } = node;
      return ofSelections(
        selectionSet,
        typeCondition ? typeNamed(typeCondition.name.value) : type,
        rows,
      );
    });
    return {
      depth: Math.max(0, ...sizes.map(({ depth }) => depth)),
      introspectionDepth: Math.max(0, ...sizes.map((size) => size.introspectionDepth)),
      introspectionFields: sum(sizes.map((size) => size.introspectionFields)),
      fields: sum(sizes.map(({ fields }) => fields)),
      rootFields: sum(sizes.map(({ rootFields }) => rootFields)),
      answerFields: sum(sizes.map((size) => size.answerFields)),
    };
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType, rows: number | null): Size {
    const field = fieldOf(parent, node.name.value);
    const type = getNamedType(field.type);
    const below =
      node.selectionSet && isCompositeType(type)
        ? ofSelections(node.selectionSet, type, rowsOf(node, field, valueOf, limits))
        : nothing;
    const times = isListType(getNullableType(field.type))
      ? (rows ?? itemsOf(node, field, parent, valueOf))
      : 1;
    const isIntrospection = field === SchemaMetaFieldDef || field === TypeMetaFieldDef;
    const depth = 1 + below.depth;
    const answerFields = 1 + times * below.answerFields;
    return {
      depth: isIntrospection ? 0 : depth,
      introspectionDepth: isIntrospection ? depth : below.introspectionDepth,
      introspectionFields: isIntrospection ? answerFields : below.introspectionFields,
      fields: 1 + below.fields,
      rootFields: 1,
      answerFields: isIntrospection ? 1 : answerFields,
    };
  }

  function ofFragment(name: string, rows: number | null): Size {
    const key = `${name} ${rows}`;
    const known = counted.get(key);
    if (known) return known;
    const { typeCondition, selectionSet } = fragments.get(name)!;
    const size = ofSelections(selectionSet, typeNamed(typeCondition.name.value), rows);
    counted.set(key, size);
    return size;
  }

  function typeNamed(name: string): GraphQLCompositeType {
    return schema.getType(name) as GraphQLCompositeType;
  }

  const root = schema.getRootType(operation.operation)!;
  return { size: ofSelections(operation.selectionSet, root, null), variablesRead };
}

/** Reads the values of arguments, and notes the variables in them. */
function readerOf(variables: Counted['variables']) {
  const variablesRead = new Set<string>();
  return {
    variablesRead,
    valueOf(this: void, node: ValueNode, type: GraphQLInputType): unknown {
      visit(node, { Variable: ({ name }) => void variablesRead.add(name.value) });
      return valueFromAST(node, type, variables);
    },
  };
}

/** The length of the page that a field asks for; null for one without pages. */
function rowsOf(
  node: FieldNode,
  { args }: GraphQLField<unknown, unknown>,
  valueOf: ReturnType<typeof readerOf>['valueOf'],
  { pageSizeMax }: Limits,
): number | null {
  const first = args.find(({ name }) => name === 'first');
  if (!first) return null;
  const given = node.arguments?.find(({ name }) => name.value === 'first');
  const rows = (given && valueOf(given.value, first.type)) ?? first.defaultValue;
  // A longer page is refused where it is read.
  return typeof rows === 'number' && rows <= pageSizeMax ? Math.max(0, rows) : pageSizeMax;
}

/** The length of a list without pages: what is given as a list may be answered item by item. */
function itemsOf(
  node: FieldNode,
  { args }: GraphQLField<unknown, unknown>,
  parent: GraphQLCompositeType,
  valueOf: ReturnType<typeof readerOf>['valueOf'],
): number {
  if (isIntrospectionType(parent)) return schemaRows[node.name.value] ?? plainRows;
  const lengths = args.map(({ name, type, defaultValue }) => {
    if (!isListType(getNullableType(type))) return 0;
    const given = node.arguments?.find((each) => each.name.value === name);
    const items = given ? valueOf(given.value, type) : defaultValue;
    return Array.isArray(items) ? items.length : 0;
  });
  return Math.max(plainRows, ...lengths);
}

function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
}

const nothing: Size = {
  depth: 0,
  introspectionDepth: 0,
  introspectionFields: 0,
  fields: 0,
  rootFields: 0,
  answerFields: 0,
};

const metaFields = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef];

/** The field of this name, which a valid document asks for. */
function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> {
  const own = isUnionType(type) ? undefined : type.getFields()[name];
  return own ?? metaFields.find((field) => field.name === name)!;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
