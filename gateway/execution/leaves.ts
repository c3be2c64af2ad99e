import { type GraphQLLeafType, isEnumType } from 'graphql';

/** Writes a leaf as JSON; undefined where it is no value of its type. */
export type WriteLeaf = (value: unknown) => string | undefined;

/**
 * What writes the values of a leaf's type. Subgraphs have serialised them: what is checked is that
 * clients get what the schema promises, and no value of an enum that is not theirs to see.
 */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name }) => [name as unknown, `"${name}"`]));
    return (value) => texts.get(value);
  }
  return builtIn[type.name] ?? writeAny;
}

const writeInteger: WriteLeaf = (value) =>
  Number.isInteger(value) ? String(value as number) : undefined;

const writeAny: WriteLeaf = (value) =>
  typeof value === 'string' ? writeString(value) : JSON.stringify(value);

const builtIn: Readonly<Record<string, WriteLeaf>> = {
  Int: writeInteger,
  Float: (value) => (Number.isFinite(value) ? String(value as number) : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  String: (value) => (typeof value === 'string' ? writeString(value) : undefined),
  ID: (value) => (typeof value === 'string' ? writeString(value) : writeInteger(value)),
};

/** What a JSON string cannot hold as it is; lone surrogates, which UTF-8 cannot, among them. */
// oxlint-disable-next-line no-control-regex
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON; most need no more than their quotes. */
function writeString(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`;
}
