import { type Leaf, special } from './leaves.ts';
import { type Tree, valueAt } from './trees.ts';
import { type Write, type WrittenField, headOf } from './writing.ts';

/** Longer functions are slow to compile, and V8 may never optimize them. */
const fieldsMax = 100;

/** A name of GraphQL. Nothing else that comes from outside is ever written into code. */
const namePattern = /^[_A-Za-z][_0-9A-Za-z]*$/;

/**
 * Generates JavaScript that writes an object as the functions of its fields do. It reads fields by their
 * names, as code that somebody wrote for this object would, so that V8 knows where they are. The usual
 * values of leaves it writes itself; all else it leaves to those functions, which are its arguments.
 *
 * @returns null where there are too many fields, or the process may not generate code
 */
export function generateWriter(fields: readonly WrittenField[], depth: number): Write<Tree> | null {
  const names = fields.flatMap(({ name, known, typename = name }) => [name, known, typename]);
  if (fields.length > fieldsMax || !names.every((name) => namePattern.test(name))) return null;
  const writes = fields.map(({ write }) => write);
  const forms = fields.map(({ leaf }) => leaf?.form);
  try {
    // oxlint-disable-next-line typescript/no-implied-eval
    const bind = new Function(...boundNames, codeOf(fields, depth)) as Bind;
    return bind(writes, forms, special, valueAt);
  } catch (error) {
    // Where Node was started with --disallow-code-generation-from-strings.
    if (error instanceof EvalError) return null;
    throw error;
  }
}

const boundNames = ['writes', 'forms', 'special', 'valueAt'];

type Bind = (
  writes: readonly Write[],
  forms: readonly (Leaf['form'] | undefined)[],
  isSpecial: RegExp,
  read: typeof valueAt,
) => Write<Tree>;

function codeOf(fields: readonly WrittenField[], depth: number): string {
  const bound: string[] = [];
  const written: string[] = [];
  // What is written of whatever object goes with the next field.
  let before = '';
  for (const [place, field] of fields.entries()) {
    const head = before + headOf(field, place);
    before = '';
    if (field.typename !== undefined) {
      before = `${head}"${field.typename}"`;
      continue;
    }
    bound.push(`const write${place} = writes[${place}], form${place} = forms[${place}];`);
    written.push(codeOfField({ field, head, place, depth }));
  }
  return `"use strict";
${bound.join('\n')}
return (tree, text, writing) => {
  const { path, isPlain } = writing;
  let grown = text, value, known;
${written.join('\n')}
  return grown + '${before}}';
};`;
}

interface Placed {
  field: WrittenField;
  /** What is written before its value. */
  head: string;
  place: number;
  depth: number;
}

function codeOfField({ field, head, place, depth }: Placed): string {
  const { name, known, leaf, isNullable } = field;
  // What each object inherits is nobody's field: `valueAt` tells them apart.
  const value = known in Object.prototype ? `valueAt(tree, '${known}')` : `tree.${known}`;
  const ways = [
    ...(leaf ? [codeOfLeaf(leaf, head, place)] : []),
    ...(isNullable && leaf ? [`if (value === null) grown += '${head}null';`] : []),
    `{
    path[${depth}] = '${name}';
    grown = write${place}(value, grown + '${head}', writing);
    if (grown === null) return null;
  }`,
  ];
  return `  value = ${value};\n  ${ways.join('\n  else ')}`;
}

function codeOfLeaf({ form }: Leaf, head: string, place: number): string {
  switch (form) {
    case 'text':
      return `if (typeof value === 'string' && (isPlain || !special.test(value))) grown = grown + '${head}"' + value + '"';`;
    case 'integer':
      return `if (Number.isInteger(value)) grown = grown + '${head}' + value;`;
    case 'number':
      return `if (Number.isFinite(value)) grown = grown + '${head}' + value;`;
    case 'boolean':
      return `if (typeof value === 'boolean') grown = grown + '${head}' + value;`;
    default:
      return `if ((known = form${place}.get(value)) !== undefined) grown = grown + '${head}' + known;`;
  }
}
