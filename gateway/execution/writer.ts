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
import { leafWriter } from './leaves.ts';
import { errorsMax } from './run.ts';
import { type Selecting, collectFields } from './selections.ts';
import { type Tree, isTree, valueAt } from './trees.ts';

/** An answer that is being written. */
interface Writing {
  /** Its text by now, in pieces: put together once, where a string would grow by a copy for each. */
  readonly pieces: string[];
  /** Where the value stands that is being written; what is beyond its depth is of another. */
  readonly path: (string | number)[];
  readonly flaws: GraphQLFormattedError[];
}

/** Writes a value as JSON; false where it is null against its type, and what is around it has to be. */
type Write = (value: unknown, writing: Writing) => boolean;
/** Writes a value that is not null; false where null stands for it, and nothing is written. */
type WriteWhole<Value = unknown> = (value: Value, writing: Writing) => boolean;

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
    const writing: Writing = { pieces: [], path: [], flaws: [] };
    const isWhole = write(data, writing);
    return { data: isWhole ? writing.pieces.join('') : 'null', flaws: writing.flaws };
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
  tree(
    sets: readonly SelectionSetNode[],
    type: GraphQLCompositeType,
    depth: number,
  ): WriteWhole<Tree> {
    const selected = [...collectFields(this.#selecting, sets, type)];
    const fields = selected.map(([name, nodes], place) => ({
      head: `${place > 0 ? ',' : '{'}${JSON.stringify(name)}:`,
      name,
      known: this.#selecting.wording.nameOf(nodes[0]!),
      write: this.#field({ nodes, parent: type, depth }),
    }));
    const end = fields.length > 0 ? '}' : '{}';
    return (tree, writing) => {
      const { pieces, path } = writing;
      const start = pieces.length;
      for (const { head, name, known, write } of fields) {
        path[depth] = name;
        pieces.push(head);
        if (!write(valueAt(tree, known), writing)) {
          pieces.length = start;
          return false;
        }
      }
      pieces.push(end);
      return true;
    };
  }

  #field(at: Position): Write {
    const name = at.nodes[0]!.name.value;
    if (name === '__typename') {
      // An interface's name is what a subgraph calls an object whose type another would have told.
      const text = isObjectType(at.parent) ? `"${at.parent.name}"` : null;
      return (_, { pieces }) => text !== null && pieces.push(text) > 0;
    }
    const field = isUnionType(at.parent) ? undefined : at.parent.getFields()[name];
    if (!field)
      throw new Error(`There is no field ${at.parent.name}.${name} in the plan's schema.`);
    return this.#value(field.type, at, at.depth);
  }

  /** What writes values of a type: those of the field, or items of its lists. */
  #value(type: GraphQLOutputType, at: Position, depth: number): Write {
    const isNullable = !isNonNullType(type);
    const inner = isNullable ? type : type.ofType;
    const write = this.#whole(inner, at, depth);
    return (value, writing) => {
      const flaws = writing.flaws.length;
      if (value !== undefined && value !== null && write(value, writing)) return true;
      if (isNullable) return writing.pieces.push('null') > 0;
      if (writing.flaws.length === flaws) {
        const place = placeOf(inner, at, depth, writing);
        addFlaw(writing, depth, `Cannot return null for non-nullable ${place}.`);
      }
      return false;
    };
  }

  #whole(
    type: Exclude<GraphQLOutputType, GraphQLNonNull<never>>,
    at: Position,
    depth: number,
  ): WriteWhole {
    const write = this.#formed(type, at, depth);
    return (value, writing) => {
      const isWhole = write(value, writing);
      if (isWhole !== null) return isWhole;
      addFlaw(writing, depth, `Invalid value found for ${placeOf(type, at, depth, writing)}.`);
      return false;
    };
  }

  /** The same; null where a value has not the form of its type. */
  #formed(
    type: GraphQLOutputType,
    at: Position,
    depth: number,
  ): (value: unknown, writing: Writing) => boolean | null {
    if (isListType(type)) return listWriter(this.#value(type.ofType, at, depth + 1), depth + 1);
    if (isLeafType(type)) {
      const write = leafWriter(type);
      return (value, { pieces }) => write(value, pieces) || null;
    }
    if (isObjectType(type)) {
      let write: WriteWhole<Tree> | undefined;
      return (value, writing) => {
        write ??= this.#treeAt(type, at, depth);
        return isTree(value) ? write(value, writing) : null;
      };
    }
    return this.#abstract(type as GraphQLCompositeType, at, depth);
  }

  /** What writes objects that tell their type. */
  #abstract(type: GraphQLCompositeType, at: Position, depth: number) {
    const byType = new Map<string, WriteWhole<Tree>>();
    return (value: unknown, writing: Writing): boolean | null => {
      if (!isTree(value)) return null;
      const name = (value['__typename'] ?? type.name) as string;
      let write = byType.get(name);
      if (!write) {
        const own = this.#selecting.schema.getType(name);
        if (!isCompositeType(own)) {
          // The name may be of what clients do not see.
          const place = placeOf(type, at, depth, writing);
          addFlaw(writing, depth, `Invalid __typename found for object at ${place}.`);
          return false;
        }
        byType.set(name, (write = this.#treeAt(own, at, depth)));
      }
      return write(value, writing);
    };
  }

  #treeAt(type: GraphQLCompositeType, { nodes }: Position, depth: number): WriteWhole<Tree> {
    return this.tree(
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      type,
      depth + 1,
    );
  }
}

function listWriter(write: Write, depth: number) {
  return (value: unknown, writing: Writing): boolean | null => {
    if (!Array.isArray(value)) return null;
    const { pieces, path } = writing;
    const start = pieces.length;
    let isWhole = true;
    pieces.push('[');
    for (let index = 0; index < value.length; index++) {
      path[depth] = index;
      if (index > 0) pieces.push(',');
      // The others may have flaws of their own to tell.
      if (!write(value[index], writing)) isWhole = false;
    }
    if (isWhole) pieces.push(']');
    else pieces.length = start;
    return isWhole;
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
