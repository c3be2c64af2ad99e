import {
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  Kind,
  type DocumentNode,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Row } from './federation.ts';

/** What happens to fields. */
export interface Fates {
  seed: number;
  /** Of a hundred that may be null, so many are. */
  nulls: number;
  /** Of a hundred, so many fail. */
  faults: number;
  /** What subgraphs tell each other does not fail, as `Type.field`: one schema tells it to none. */
  told?: ReadonlySet<string>;
  /** The fields of keys, but `id`. */
  keys?: ReadonlySet<string>;
}

export interface Imagined {
  /** Of each type that has a key, some. */
  rows: Row[];
  /** What a field of the root answers. */
  root(field: GraphQLField<unknown, unknown>, given: object): unknown;
}

/**
 * Rows of every type that has a key, with a value for every field. A value depends on its row, its
 * field, the arguments and the seed alone: it is the same wherever and whenever it is asked for.
 */
export function imagineRows(
  schema: GraphQLSchema,
  keyed: ReadonlySet<string>,
  { seed, nulls, faults, told = new Set(), keys = new Set() }: Fates,
): Imagined {
  const pools = new Map<string, Row[]>();

  const valueOf = (type: GraphQLOutputType, at: string, isThere = false): unknown => {
    if (isNonNullType(type)) return valueOf(type.ofType, at, true);
    if (!isThere && chance(seed, at, 'null') < nulls) return null;
    if (isListType(type)) {
      const length = chance(seed, at, 'length') % 4;
      return Array.from({ length }, (_, place) => valueOf(type.ofType, `${at}[${place}]`));
    }
    if (isObjectType(type) || isAbstractType(type)) {
      const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
      const { name } = types[chance(seed, at, 'type') % types.length]!;
      const pool = pools.get(name);
      return pool ? pool[chance(seed, at, 'row') % pool.length] : rowOf(name, at);
    }
    const chosen = chance(seed, at, 'leaf');
    if (isEnumType(type)) return type.getValues()[chosen % type.getValues().length]!.name;
    if (type.name === 'Int') return chosen - 50;
    if (type.name === 'Float') return chosen / 8;
    if (type.name === 'Boolean') return chosen % 2 === 0;
    return `${at} ${chosen}`;
  };

  const read = (field: GraphQLField<unknown, unknown>, at: string, given: object): unknown => {
    const here = `${at}.${field.name}${canonical(given)}`;
    if (chance(seed, here, 'fault') < faults) throw new Error(`No ${here}.`);
    return valueOf(field.type, here);
  };

  /** A row whose values are made when they are read. */
  const rowOf = (typename: string, at: string): Row => {
    const row: Row = { __typename: typename };
    const type = schema.getType(typename);
    if (!isObjectType(type)) return row;
    for (const field of Object.values(type.getFields())) {
      const name = `${typename}.${field.name}`;
      const here = `${at}.${field.name}`;
      if (field.name === 'id') row['id'] = at;
      // Rows are found by what stands in them.
      else if (keys.has(name)) row[field.name] = valueOf(field.type, here, true);
      else if (told.has(name))
        row[field.name] = (given: object) => valueOf(field.type, `${here}${canonical(given)}`);
      else row[field.name] = (given: object) => read(field, at, given);
    }
    return row;
  };

  for (const name of keyed) {
    if (!isObjectType(schema.getType(name))) continue;
    pools.set(
      name,
      [0, 1, 2].map((place) => rowOf(name, `${name}-${place}`)),
    );
  }
  return {
    rows: [...pools.values()].flat(),
    root: (field, given) => read(field, '', given),
  };
}

/** The types with a key, by the SDL of subgraphs. */
export function keyedTypes(documents: readonly DocumentNode[]): Set<string> {
  return new Set(
    documents.flatMap(({ definitions }) =>
      definitions.flatMap((node) =>
        node.kind === Kind.OBJECT_TYPE_DEFINITION &&
        node.directives?.some(({ name }) => name.value === 'key')
          ? [node.name.value]
          : [],
      ),
    ),
  );
}

/** A number below a hundred, of a seed and a place (FNV-1a, mixed). */
function chance(seed: number, at: string, what: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const text of [at, what]) {
    for (let place = 0; place < text.length; place++) {
      hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % 100;
}

/** As JSON, with the names of objects in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
