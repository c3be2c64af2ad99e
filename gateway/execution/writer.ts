import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLFormattedError,
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
import { leafWriter } from './leaves.ts';
import { type Selecting, collectFields } from './selections.ts';
import { type Tree, isTree, valueAt } from './trees.ts';

/** An answer that is being written. */
interface Writing {
  /** Where the value stands that is being written; what is beyond its depth is of another. */
  readonly path: (string | number)[];
  readonly flaws: GraphQLFormattedError[];
}

/** Writes a value as JSON; `notNull` where it is null against its type. */
type Write = (value: unknown, writing: Writing) => string;
type WriteTree = (tree: Tree, writing: Writing) => string;

const notNull = '';

/** An answer's data, as JSON, and what of the subgraphs' answers did not suit the schema. */
export interface Written {
  data: string;
  flaws: GraphQLFormattedError[];
}

/**
 * Compiles a selection to what writes the answer to it: of all that subgraphs have answered, the
 * fields that the client asked for, in its order, with null where a value is not of its type and
 * wherever that leads.
 *
 * What is selected of an object of one type is compiled when the first such object comes: a document
 * can have more types in each other than any answer.
 */
export function compileWriter(
  selecting: Selecting,
  type: GraphQLCompositeType,
  selection: SelectionSetNode,
): (data: Tree) => Written {
  const write = new Compiler(selecting).tree([selection], type, 0);
  return (data) => {
    const flaws: GraphQLFormattedError[] = [];
    return { data: write(data, { path: [], flaws }), flaws };
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

  constructor(selecting: Selecting) {
    this.#selecting = selecting;
  }

  /** What writes objects of a type, for which these sets are selected. */
  tree(sets: readonly SelectionSetNode[], type: GraphQLCompositeType, depth: number): WriteTree {
    const selected = [...collectFields(this.#selecting, sets, type)];
    const fields = selected.map(([name, nodes], place) => ({
      head: `${place > 0 ? ',' : ''}${JSON.stringify(name)}:`,
      name,
      write: this.#field({ nodes, parent: type, depth }),
    }));
    return (tree, writing) => {
      let text = '{';
      for (const { head, name, write } of fields) {
        writing.path[depth] = name;
        const written = write(valueAt(tree, name), writing);
        if (written === notNull) return 'null';
        text += head + written;
      }
      return `${text}}`;
    };
  }

  #field(at: Position): Write {
    const name = at.nodes[0]!.name.value;
    if (name === '__typename') {
      // An interface's name is what a subgraph calls an object whose type another would have told.
      const text = isObjectType(at.parent) ? `"${at.parent.name}"` : notNull;
      return () => text;
    }
    const field = isUnionType(at.parent) ? undefined : at.parent.getFields()[name];
    if (!field)
      throw new Error(`There is no field ${at.parent.name}.${name} in the plan's schema.`);
    return this.#value(field.type, at, at.depth);
  }

  /** What writes values of a type: those of the field, or items of its lists. */
  #value(type: GraphQLOutputType, at: Position, depth: number): Write {
    if (isNonNullType(type)) {
      const write = this.#value(type.ofType, at, depth);
      return (value, writing) => {
        const flaws = writing.flaws.length;
        const text = write(value, writing);
        if (text !== 'null') return text;
        if (writing.flaws.length === flaws) {
          const what = `Cannot return null for non-nullable`;
          addFlaw(writing, depth, `${what} ${placeOf(type.ofType, at, depth, writing)}.`);
        }
        return notNull;
      };
    }
    const write = this.#nullable(type, at, depth);
    return (value, writing) => {
      if (value === undefined || value === null) return 'null';
      const text = write(value, writing);
      if (text !== null) return text;
      addFlaw(writing, depth, `Invalid value found for ${placeOf(type, at, depth, writing)}.`);
      return 'null';
    };
  }

  /** The same, but for null; it writes null where a value has not the form of its type. */
  #nullable(
    type: GraphQLOutputType,
    at: Position,
    depth: number,
  ): (value: unknown, writing: Writing) => string | null {
    if (isListType(type)) return listWriter(this.#value(type.ofType, at, depth + 1), depth + 1);
    if (isLeafType(type)) return leafWriter(type);
    if (isObjectType(type)) {
      let write: WriteTree | undefined;
      return (value, writing) => {
        write ??= this.#treeAt(type, at, depth);
        return isTree(value) ? write(value, writing) : null;
      };
    }
    return this.#abstract(type as GraphQLCompositeType, at, depth);
  }

  /** What writes objects that tell their type. */
  #abstract(type: GraphQLCompositeType, at: Position, depth: number) {
    const byType = new Map<string, WriteTree>();
    return (value: unknown, writing: Writing): string | null => {
      if (!isTree(value)) return null;
      const name = (value['__typename'] ?? type.name) as string;
      let write = byType.get(name);
      if (!write) {
        const own = this.#selecting.schema.getType(name);
        if (!isCompositeType(own)) {
          // The name may be of what clients do not see.
          const place = placeOf(type, at, depth, writing);
          addFlaw(writing, depth, `Invalid __typename found for object at ${place}.`);
          return 'null';
        }
        byType.set(name, (write = this.#treeAt(own, at, depth)));
      }
      return write(value, writing);
    };
  }

  #treeAt(type: GraphQLCompositeType, { nodes }: Position, depth: number): WriteTree {
    return this.tree(
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      type,
      depth + 1,
    );
  }
}

function listWriter(write: Write, depth: number) {
  return (value: unknown, writing: Writing): string | null => {
    if (!Array.isArray(value)) return null;
    let text = '[';
    let isWhole = true;
    for (let index = 0; index < value.length; index++) {
      writing.path[depth] = index;
      const item = write(value[index], writing);
      if (item === notNull) isWhole = false;
      text += index > 0 ? `,${item}` : item;
    }
    return isWhole ? `${text}]` : 'null';
  };
}

/** What an answer may hold of flaws: each item of a list can have one. */
const flawsMax = 1_000;

function addFlaw({ path, flaws }: Writing, depth: number, message: string): void {
  if (flaws.length === flawsMax) return;
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
