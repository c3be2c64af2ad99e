import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLFormattedError,
  type GraphQLNonNull,
  type GraphQLOutputType,
  type SelectionSetNode,
  getNullableType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { fieldsWriter } from './fields-writer.ts';
import { leafOf } from './leaves.ts';
import { errorsMax } from './run.ts';
import { type Selecting, collectFields } from './selections.ts';
import { type Tree, isTree } from './trees.ts';
import type { Write, WriteFormed, Writing, WrittenField } from './writing.ts';

/** An answer's data, as JSON, and what of the subgraphs' answers did not suit the schema. */
interface Written {
  /** One behind the other. */
  data: readonly string[];
  flaws: GraphQLFormattedError[];
}

/** Writes an answer's data; where it is plain no string in it has anything that JSON escapes. */
export type WriteData = (data: Tree, isPlain: boolean) => Written;

/**
 * Compiles a selection to what writes the answer to it: of all that subgraphs have answered, the
 * fields that the client asked for, in its order, with null where a value is not of its type and
 * wherever that leads.
 *
 * What is selected of an object of one type is compiled when the first such object comes: a document
 * can have more types in each other than any answer.
 *
 * @param generateAfter objects of one place and type that are written before code is generated for them
 */
export function compileWriter(
  selecting: Selecting,
  type: GraphQLCompositeType,
  selection: SelectionSetNode,
  generateAfter?: number,
): WriteData {
  const write = new Compiler(selecting, generateAfter).tree([selection], type, 0);
  return (data, isPlain) => {
    const writing: Writing = { path: [], flaws: [], pieces: [], isPlain };
    const text = write(data, '', writing);
    return { data: text === null ? ['null'] : [...writing.pieces, text], flaws: writing.flaws };
  };
}

/** Where a selection stands: of which fields it is, and how deep in the answer. */
interface Position {
  nodes: readonly FieldNode[];
  /** The type of the object that has the field. */
  parent: GraphQLCompositeType;
  depth: number;
}

class Compiler {
  readonly #selecting: Selecting;
  readonly #generateAfter: number | undefined;

  constructor(selecting: Selecting, generateAfter: number | undefined) {
    this.#selecting = selecting;
    this.#generateAfter = generateAfter;
  }

  /** What writes objects of a type, for which these sets are selected. */
  tree(sets: readonly SelectionSetNode[], type: GraphQLCompositeType, depth: number): Write<Tree> {
    const selected = [...collectFields(this.#selecting, sets, type)];
    const fields = selected.map(([name, nodes]) => ({
      name,
      known: this.#selecting.wording.nameOf(nodes[0]!),
      ...this.#field({ nodes, parent: type, depth }),
    }));
    return fieldsWriter(fields, depth, this.#generateAfter);
  }

  #field(at: Position): Omit<WrittenField, 'name' | 'known'> {
    const name = at.nodes[0]!.name.value;
    if (name === '__typename') {
      // An interface's name is what a subgraph calls an object whose type another would have told.
      if (!isObjectType(at.parent)) return { write: () => null };
      const typename = at.parent.name;
      return { write: (_, text) => `${text}"${typename}"`, typename };
    }
    const field = isUnionType(at.parent) ? undefined : at.parent.getFields()[name];
    if (!field)
      throw new Error(`There is no field ${at.parent.name}.${name} in the plan's schema.`);
    const type = getNullableType(field.type);
    return {
      write: this.#value(field.type, at, at.depth),
      ...(isLeafType(type) && { leaf: leafOf(type) }),
      isNullable: !isNonNullType(field.type),
    };
  }

  /** What writes values of a type: those of the field, or items of its lists. */
  #value(type: GraphQLOutputType, at: Position, depth: number): Write {
    const isNullable = !isNonNullType(type);
    const inner = isNullable ? type : type.ofType;
    const write = this.#whole(inner, at, depth);
    return (value, text, writing) => {
      const { flaws, pieces } = writing;
      const [flawsBefore, piecesBefore] = [flaws.length, pieces.length];
      const written = value === undefined || value === null ? null : write(value, text, writing);
      if (written !== null) return written;
      if (isNullable) {
        pieces.length = piecesBefore;
        return `${text}null`;
      }
      if (flaws.length === flawsBefore) {
        const place = placeOf(inner, at, depth, writing);
        addFlaw(writing, depth, `Cannot return null for non-nullable ${place}.`);
      }
      return null;
    };
  }

  #whole(
    type: Exclude<GraphQLOutputType, GraphQLNonNull<never>>,
    at: Position,
    depth: number,
  ): Write {
    const write = this.#formed(type, at, depth);
    return (value, text, writing) => {
      const written = write(value, text, writing);
      if (written !== undefined) return written;
      addFlaw(writing, depth, `Invalid value found for ${placeOf(type, at, depth, writing)}.`);
      return null;
    };
  }

  #formed(type: GraphQLOutputType, at: Position, depth: number): WriteFormed {
    if (isListType(type)) return listWriter(this.#value(type.ofType, at, depth + 1), depth + 1);
    if (isLeafType(type)) {
      const leaf = leafOf(type);
      return (value, text, { isPlain }) => {
        const written = leaf.write(value, isPlain);
        return written === undefined ? undefined : text + written;
      };
    }
    if (isObjectType(type)) {
      let write: Write<Tree> | undefined;
      return (value, text, writing) => {
        write ??= this.#treeAt(type, at, depth);
        return isTree(value) ? write(value, text, writing) : undefined;
      };
    }
    return this.#abstract(type as GraphQLCompositeType, at, depth);
  }

  /** What writes objects that tell their type. */
  #abstract(type: GraphQLCompositeType, at: Position, depth: number): WriteFormed {
    const byType = new Map<string, Write<Tree>>();
    return (value, text, writing) => {
      if (!isTree(value)) return undefined;
      const name = (value['__typename'] ?? type.name) as string;
      let write = byType.get(name);
      if (!write) {
        const own = this.#selecting.schema.getType(name);
        if (!isCompositeType(own)) {
          // The name may be of what clients do not see.
          const place = placeOf(type, at, depth, writing);
          addFlaw(writing, depth, `Invalid __typename found for object at ${place}.`);
          return null;
        }
        byType.set(name, (write = this.#treeAt(own, at, depth)));
      }
      return write(value, text, writing);
    };
  }

  #treeAt(type: GraphQLCompositeType, { nodes }: Position, depth: number): Write<Tree> {
    return this.tree(
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      type,
      depth + 1,
    );
  }
}

/** How long a text may grow: what is longer is slower to make, and to send, than several. */
const pieceLength = 8_192;

function listWriter(write: Write, depth: number): WriteFormed {
  return (value, text, writing) => {
    if (!Array.isArray(value)) return undefined;
    const { path, pieces } = writing;
    let written = `${text}[`;
    let isWhole = true;
    for (let index = 0; index < value.length; index++) {
      path[depth] = index;
      const next = write(value[index], index > 0 ? `${written},` : written, writing);
      if (next === null) {
        // The others may have flaws of their own to tell.
        isWhole = false;
      } else if (next.length > pieceLength) {
        pieces.push(next);
        written = '';
      } else {
        written = next;
      }
    }
    return isWhole ? `${written}]` : null;
  };
}

function addFlaw({ path, flaws }: Writing, depth: number, message: string): void {
  if (flaws.length === errorsMax) return;
  const extensions = { code: 'INVALID_GRAPHQL' };
  flaws.push({ message, path: path.slice(0, depth + 1), extensions });
}

function placeOf(
  type: GraphQLOutputType,
  { parent }: Position,
  depth: number,
  { path }: Writing,
): string {
  const last = path[depth]!;
  if (typeof last === 'string') return `field ${parent.name}.${last}`;
  return `array element of type ${String(getNullableType(type))} at index ${last}`;
}
