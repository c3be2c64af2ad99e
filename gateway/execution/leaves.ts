import { type GraphQLLeafType, isEnumType } from 'graphql';

/** Writes a leaf as JSON; undefined where it is no value of its type. */
type WriteLeaf = (value: unknown, isPlain: boolean) => string | undefined;

/** What the usual values of a type are; generated code writes those by itself. */
type LeafForm = 'text' | 'integer' | 'number' | 'boolean';

/** How the values of a leaf's type are written. */
export interface Leaf {
  readonly write: WriteLeaf;
  readonly form: LeafForm | ReadonlyMap<unknown, string>;
}

/**
 * How the values of a leaf's type are written. Subgraphs have serialised them: what is checked is that
 * clients get what the schema promises, and no value of an enum that is not theirs to see.
 */
export function leafOf(type: GraphQLLeafType): Leaf {
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name }) => [name as unknown, `"${name}"`]));
    return { write: (value) => texts.get(value), form: texts };
  }
  return builtIn[type.name] ?? { write: writeAny, form: 'text' };
}

const writeInteger: WriteLeaf = (value) =>
  Number.isInteger(value) ? String(value as number) : undefined;

/** Writes what JSON has, whatever it is. */
export function writeAny(value: unknown, isPlain: boolean): string {
  return typeof value === 'string' ? writeString(value, isPlain) : JSON.stringify(value);
}

const builtIn: Readonly<Record<string, Leaf>> = {
  Int: { write: writeInteger, form: 'integer' },
  Float: {
    write: (value) => (Number.isFinite(value) ? String(value as number) : undefined),
    form: 'number',
  },
  Boolean: {
    write: (value) => (typeof value === 'boolean' ? String(value) : undefined),
    form: 'boolean',
  },
  String: {
    write: (value, isPlain) =>
      typeof value === 'string' ? writeString(value, isPlain) : undefined,
    form: 'text',
  },
  ID: {
    write: (value, isPlain) =>
      typeof value === 'string' ? writeString(value, isPlain) : writeInteger(value, isPlain),
    form: 'text',
  },
};

/** What a JSON string cannot hold as it is; lone surrogates, which UTF-8 cannot, among them. */
// oxlint-disable-next-line no-control-regex
export const special = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON; most need no more than their quotes. */
function writeString(text: string, isPlain: boolean): string {
  return !isPlain && special.test(text) ? JSON.stringify(text) : `"${text}"`;
}
