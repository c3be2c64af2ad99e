import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  defaultFieldResolver,
  defaultTypeResolver,
  getArgumentValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { type Holder, Place, type Run, type Take, type Told, hear, isPromise } from './run.ts';

/** What fields are compiled from. */
export interface Parts {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: Record<string, FragmentDefinitionNode>;
  /** By them `@skip` and `@include` are decided: others of these have fields of their own. */
  conditions: Record<string, unknown>;
}

/** Writes one field of a row into the answer. */
type WriteField = (run: Run, row: unknown, into: Holder, parent: Place | undefined) => void;

/** Writes the fields of a row, one by one, until nothing is left to answer. */
export type WriteRow = (run: Run, row: unknown, into: Holder, parent: Place | undefined) => void;

/** What is selected of one type, by the names in the answer. */
export type Selected = ReadonlyMap<string, readonly FieldNode[]>;

/** A row of the answer. JSON has a name that plain objects have a meaning for. */
export function openRow(selected: Selected): () => Holder {
  return selected.has('__proto__') ? () => Object.create(null) as Holder : () => ({});
}

export function compileRow(parts: Parts, type: GraphQLObjectType, selected: Selected): WriteRow {
  const fields = compileFields(parts, type, selected);
  return (run, row, into, parent) => {
    const failures = run.errors.length;
    for (const write of fields) {
      write(run, row, into, parent);
      if (run.errors.length > failures && run.isLost(parent)) return;
    }
  };
}

export function compileFields(
  parts: Parts,
  type: GraphQLObjectType,
  selected: Selected,
): WriteField[] {
  return Array.from(selected, ([name, nodes]) => compileField(parts, type, name, nodes));
}

function compileField(
  parts: Parts,
  type: GraphQLObjectType,
  name: string,
  nodes: readonly FieldNode[],
): WriteField {
  const [node] = nodes as [FieldNode];
  if (node.name.value === '__typename') return (_, __, into) => void (into[name] = type.name);
  // The document is valid, and may not ask for the schema's own fields.
  const field = type.getFields()[node.name.value]!;
  const mayBeNull = !isNonNullType(field.type);
  const { schema, operation, fragments } = parts;
  const told: Told = {
    fieldName: field.name,
    fieldNodes: nodes,
    returnType: field.type,
    parentType: type,
    schema,
    fragments,
    operation,
  };
  const resolve = field.resolve ?? defaultFieldResolver;
  const take = compileValue(parts, field.type, told);
  const write: WriteField = (run, row, into, parent) => {
    // Names stand in the order of the selection, whatever comes first.
    into[name] = null;
    const place = new Place(parent, into, name, type.name, mayBeNull);
    let value: unknown;
    try {
      const given = field.args.length > 0 ? getArgumentValues(field, node, run.variables) : {};
      value = resolve(row, given, run.context, run.tell(told, place));
    } catch (error) {
      run.fail(place, error);
      return;
    }
    run.settle(place, value, take);
  };
  return isColumn(field) ? writeColumn(field, name, write) : write;
}

/** Whether a field is a property of its row, and a leaf. */
function isColumn({ resolve, type }: GraphQLField<unknown, unknown>): boolean {
  return !resolve && isLeafType(isNonNullType(type) ? type.ofType : type);
}

/** The short way of what is there and good, most of every answer; `write` does all else. */
function writeColumn(
  { name: column, type }: GraphQLField<unknown, unknown>,
  name: string,
  write: WriteField,
): WriteField {
  const leaf = (isNonNullType(type) ? type.ofType : type) as GraphQLLeafType;
  const mayBeNull = !isNonNullType(type);
  return (run, row, into, parent) => {
    try {
      const value = typeof row === 'object' ? (row as Holder | null)?.[column] : undefined;
      if (value == null && mayBeNull) {
        into[name] = null;
        return;
      }
      if (value != null && isPlain(value)) {
        const written = leaf.serialize(value) as unknown;
        if (written != null) {
          into[name] = written;
          return;
        }
      }
    } catch {
      // Said by the long way.
    }
    write(run, row, into, parent);
  };
}

function isPlain(value: NonNullable<unknown>): boolean {
  return typeof value !== 'function' && !(value instanceof Error) && !isPromise(value);
}

/** What writes the values of a type. */
function compileValue(parts: Parts, type: GraphQLOutputType, told: Told): Take {
  const { ofType, mayBeNull } = isNonNullType(type)
    ? { ofType: type.ofType as GraphQLOutputType, mayBeNull: false }
    : { ofType: type, mayBeNull: true };
  const take = compileThere(parts, ofType, told);
  return (run, value, place) => {
    if (value instanceof Error) throw value;
    if (value != null) take(run, value, place);
    else if (mayBeNull) place.write(null);
    else throw new Error(`${told.parentType.name}.${told.fieldName} is null, which it may not be.`);
  };
}

/** What writes values that are there. */
function compileThere(parts: Parts, type: GraphQLOutputType, told: Told): Take {
  if (isListType(type)) return compileList(parts, type.ofType as GraphQLOutputType, told);
  if (isObjectType(type)) return compileObject(parts, type, told);
  if (isAbstractType(type)) return compileAbstract(parts, type, told);
  const leaf = type as GraphQLLeafType;
  return (_, value, place) => {
    const written = leaf.serialize(value) as unknown;
    if (written == null) throw new Error(`A value of ${leaf.name} became nothing.`);
    place.write(written);
  };
}

function compileList(parts: Parts, itemType: GraphQLOutputType, told: Told): Take {
  const take = compileValue(parts, itemType, told);
  const mayBeNull = !isNonNullType(itemType);
  return (run, value, place) => {
    if (typeof value !== 'object' || !(Symbol.iterator in value!)) {
      throw new Error(`${told.parentType.name}.${told.fieldName} is no list.`);
    }
    const list: unknown[] = [];
    place.write(list);
    const failures = run.errors.length;
    for (const item of value as Iterable<unknown>) {
      const at = new Place(place, list as never, list.length, undefined, mayBeNull);
      list.push(null);
      const isLost = run.errors.length > failures && run.isLost(place);
      if (!isLost || isPromise(item)) run.settle(at, item, take);
      else hear(item);
    }
  };
}

/** Compiled when the first row of the type comes: a selection may name more types than ever do. */
function compileObject(parts: Parts, type: GraphQLObjectType, told: Told): Take {
  let compiled: { open: () => Holder; write: WriteRow } | undefined;
  const take: Take = (run, row, place) => {
    compiled ??= compileSelected(parts, type, told);
    const into = compiled.open();
    place.write(into);
    compiled.write(run, row, into, place);
  };
  const { isTypeOf } = type;
  if (!isTypeOf) return take;
  return (run, row, place) => {
    run.settle(place, isTypeOf(row, run.context, run.tell(told, place)), (_, is) => {
      if (!is) throw new Error(`${told.parentType.name}.${told.fieldName} is no ${type.name}.`);
      take(run, row, place);
    });
  };
}

function compileSelected(parts: Parts, type: GraphQLObjectType, { fieldNodes }: Told) {
  const { schema, fragments, conditions } = parts;
  const selected = collectSubfields(schema, fragments, conditions, type, [...fieldNodes]);
  return { open: openRow(selected), write: compileRow(parts, type, selected) };
}

function compileAbstract(parts: Parts, type: GraphQLAbstractType, told: Told): Take {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const takes = new Map<string, Take>(
    parts.schema
      .getPossibleTypes(type)
      .map((possible) => [possible.name, compileObject(parts, possible, told)]),
  );
  return (run, row, place) => {
    const name = resolveType(row, run.context, run.tell(told, place), type);
    run.settle(place, name, (_, found) => {
      const take = typeof found === 'string' ? takes.get(found) : undefined;
      if (!take) throw new Error(`${String(found)} is no type of ${type.name}.`);
      take(run, row, place);
    });
  };
}
