import { generateWriter } from './generated-writer.ts';
import { type Tree, valueAt } from './trees.ts';
import { type Write, type WrittenField, headOf } from './writing.ts';

/** To generate code takes V8 some 0.1 ms: not for what is asked once. */
const usuallyAfter = 1_000;

/**
 * Makes what writes an object: these fields of it, one after the other.
 *
 * @param generateAfter so many objects are written before code is generated for those to come
 */
export function fieldsWriter(
  fields: readonly WrittenField[],
  depth: number,
  generateAfter = usuallyAfter,
): Write<Tree> {
  if (fields.length === 0) return (_, text) => `${text}{}`;
  const placed = fields.map((field, place) => ({ ...field, head: headOf(field, place) }));
  let count = 0;
  let generated: Write<Tree> | null = null;
  return (tree, text, writing) => {
    if (count++ === generateAfter) generated = generateWriter(fields, depth);
    if (generated) return generated(tree, text, writing);
    const { path } = writing;
    let grown = text;
    for (const { head, name, known, write } of placed) {
      path[depth] = name;
      const next = write(valueAt(tree, known), grown + head, writing);
      if (next === null) return null;
      grown = next;
    }
    return `${grown}}`;
  };
}
