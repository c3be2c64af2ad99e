import { type GraphQLLeafType, isEnumType } from 'graphql';

/** Writes a leaf as JSON; false, and nothing, where it is no value of its type. */
export type WriteLeaf = (value: unknown, pieces: string[]) => boolean;

/**
 * What writes the values of a leaf's type. Subgraphs have serialised them: what is checked is that
 * clients get what the schema promises, and no value of an enum that is not theirs to see.
 */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name }) => [name as unknown, `"${name}"`]));
    return (value, pieces) => {
      const text = texts.get(value);
      return text !== undefined && pieces.push(text) > 0;
    };
  }
  return builtIn[type.name] ?? ((value, pieces) => pieces.push(JSON.stringify(value)) > 0);
}

const writeInteger: WriteLeaf = (value, pieces) =>
  Number.isInteger(value) && pieces.push(String(value as number)) > 0;

const builtIn: Readonly<Record<string, WriteLeaf>> = {
  Int: writeInteger,
  Float: (value, pieces) => Number.isFinite(value) && pieces.push(String(value as number)) > 0,
  Boolean: (value, pieces) => typeof value === 'boolean' && pieces.push(String(value)) > 0,
  String: (value, pieces) => typeof value === 'string' && writeString(value, pieces),
  ID: (value, pieces) =>
    typeof value === 'string' ? writeString(value, pieces) : writeInteger(value, pieces),
};

/** What a JSON string cannot hold as it is; lone surrogates, which UTF-8 cannot, among them. */
// oxlint-disable-next-line no-control-regex
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON; most need no more than their quotes. */
function writeString(text: string, pieces: string[]): boolean {
  if (special.test(text)) pieces.push(JSON.stringify(text));
  else pieces.push('"', text, '"');
  return true;
}
