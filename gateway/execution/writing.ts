import type { GraphQLFormattedError } from 'graphql';
import type { Leaf } from './leaves.ts';

/** An answer that is being written. */
export interface Writing {
  /** Where the value stands that is being written; what is beyond its depth is of another. */
  readonly path: (string | number)[];
  readonly flaws: GraphQLFormattedError[];
  /** What the answer begins with: texts that have grown long enough. */
  readonly pieces: string[];
  /** Whether no string has anything that JSON escapes: then none is looked through. */
  readonly isPlain: boolean;
}

/**
 * Writes a value as JSON behind a text, and returns both; null where the value is null against its type,
 * and what is around it has to be. Meanwhile the text may have become a piece: who writes something else
 * in place of a value takes back the pieces that came with it.
 */
export type Write<Value = unknown> = (
  value: Value,
  text: string,
  writing: Writing,
) => string | null;

/** The same; undefined where a value has not the form of its type. */
export type WriteFormed = (
  value: unknown,
  text: string,
  writing: Writing,
) => string | null | undefined;

/** A field that is written of an object. */
export interface WrittenField {
  /** In the client's answer. */
  readonly name: string;
  /** In what subgraphs have answered. */
  readonly known: string;
  /** Writes its value. */
  readonly write: Write;
  /** How its values are written, where they are leaves and no lists. */
  readonly leaf?: Leaf;
  readonly isNullable?: boolean;
  /** The name that is its value, of whatever object. */
  readonly typename?: string;
}

/** What stands before a field's value: the object's brace or a comma, and its name. */
export function headOf({ name }: WrittenField, place: number): string {
  return `${place > 0 ? ',' : '{'}"${name}":`;
}
