import {
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** An object that is made of nothing but where it stands, or of its id. */
interface Thing {
  __typename: string;
  id?: string;
  key?: string;
  /** How many rows a page was asked for. */
  rows?: number;
}

interface Row {
  schema: GraphQLSchema;
  /** What it is made of. */
  key: string;
  rows: number;
}

/** Of each type, so that rows of a page share some. */
const ids = 40;
const plainRows = 2;

/**
 * A field's value is made of its name and of the object that has it: the same in a subgraph and in one
 * schema executed whole, however often.
 */
export const resolveFixed: GraphQLFieldResolver<Thing | undefined, unknown> = (
  parent,
  args: Record<string, unknown>,
  _,
  { fieldName, returnType, schema },
) => {
  if (fieldName === 'id' && parent?.id !== undefined) return parent.id;
  const first = args['first'];
  const rows = typeof first === 'number' ? first : (parent?.rows ?? plainRows);
  return valueOf(returnType, { schema, key: `${keyOf(parent)}.${fieldName}`, rows });
};

function keyOf(thing: Thing | undefined): string {
  if (!thing) return '';
  return thing.id === undefined ? (thing.key ?? '') : `${thing.__typename}:${thing.id}`;
}

function valueOf(type: GraphQLOutputType, row: Row): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, row);
  if (isListType(type)) {
    return Array.from({ length: row.rows }, (_, index) =>
      valueOf(type.ofType, { ...row, key: `${row.key}.${index}` }),
    );
  }
  return isLeafType(type) ? leafOf(type, row.key) : thingOf(type, row);
}

function thingOf(type: GraphQLNamedType, { schema, key, rows }: Row): Thing {
  if (isAbstractType(type)) {
    const names = schema.getPossibleTypes(type).map(({ name }) => name);
    const name = names.toSorted()[numberOf(key) % names.length]!;
    return thingOf(schema.getType(name)!, { schema, key, rows });
  }
  const isEntity = isObjectType(type) && 'id' in type.getFields();
  if (isEntity) return { __typename: type.name, id: `${type.name}-${numberOf(key) % ids}` };
  return { __typename: type.name, key, rows };
}

const words = 'points for a coffee and a bun at the corner, said one of the members in spring';

function leafOf(type: GraphQLLeafType, key: string): unknown {
  if (isEnumType(type))
    return type
      .getValues()
      .map(({ name }) => name)
      .toSorted()[0];
  const number = numberOf(key);
  switch (type.name) {
    case 'Int':
    case 'Points':
      return number % 10_000;
    case 'Float':
      return (number % 50) / 10;
    case 'Boolean':
      return number % 2 === 0;
    case 'DateTime':
      return `2026-11-${10 + (number % 20)}T10:00:00.000Z`;
    case 'Decimal':
      return `${number % 100}.50`;
    default:
      return textOf(key.slice(key.lastIndexOf('.') + 1), number);
  }
}

/** A text as long as what such a field has. */
function textOf(field: string, number: number): string {
  if (field === 'body') return `${number} ${words}, and ${words}`;
  return `${field} ${words.slice(number % 20, 20 + (number % 20))}`;
}

/** FNV-1a, 32 bits. */
function numberOf(text: string): number {
  let number = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    number = Math.imul(number ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return number;
}
