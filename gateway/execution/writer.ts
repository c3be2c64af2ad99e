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
  /** Where the value stands that is being written; what is beyond its depth is of another. */
  readonly path: (string | number)[];
  readonly flaws: GraphQLFormattedError[];
}

/** Writes a value as JSON; null where it is null against its type, and what is around it has to be. */
type Write = (value: unknown, writing: Writing) => string | null;
/** Writes a value that is not null; null where null stands for it. */
type WriteWhole<Value = unknown> = (value: Value, writing: Writing) => string | null;
/** The same; undefined where a value has not the form of its type. */
type WriteFormed = (value: unknown, writing: Writing) => string | null | undefined;

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
    const writing: Writing = { path: [], flaws: [] };
    return { data: write(data, writing) ?? 'null', flaws: writing.flaws };
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
      const { path } = writing;
      let text = '';
      for (const { head, name, known, write } of fields) {
        path[depth] = name;
        const written = write(valueAt(tree, known), writing);
        if (written === null) return null;
        text += head + written;
      }
      return text + end;
    };
  }

  #field(at: Position): Write {
    const name = at.nodes[0]!.name.value;
    if (name === '__typename') {
      // An interface's name is what a subgraph calls an object whose type another would have told.
      const text = isObjectType(at.parent) ? `"${at.parent.name}"` : null;
      return () => text;
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
      const written = value === undefined || value === null ? null : write(value, writing);
      if (written !== null) return written;
      if (isNullable) return 'null';
      if (writing.flaws.length === flaws) {
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
  ): WriteWhole {
    const write = this.#formed(type, at, depth);
    return (value, writing) => {
      const written = write(value, writing);
      if (written !== undefined) return written;
      addFlaw(writing, depth, `Invalid value found for ${placeOf(type, at, depth, writing)}.`);
      return null;
    };
  }

  #formed(type: GraphQLOutputType, at: Position, depth: number): WriteFormed {
    if (isListType(type)) return listWriter(this.#value(type.ofType, at, depth + 1), depth + 1);
    if (isLeafType(type)) return leafWriter(type);
    if (isObjectType(type)) {
      let write: WriteWhole<Tree> | undefined;
      return (value, writing) => {
        write ??= this.#treeAt(type, at, depth);
        return isTree(value) ? write(value, writing) : undefined;
      };
    }
    return this.#abstract(type as GraphQLCompositeType, at, depth);
  }

  /** What writes objects that tell their type. */
  #abstract(type: GraphQLCompositeType, at: Position, depth: number): WriteFormed {
    const byType = new Map<string, WriteWhole<Tree>>();
    return (value, writing) => {
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

function listWriter(write: Write, depth: number): WriteFormed {
  return (value, writing) => {
    if (!Array.isArray(value)) return undefined;
    const { path } = writing;
    const items: string[] = [];
    let isWhole = true;
    for (let index = 0; index < value.length; index++) {
      path[depth] = index;
      const written = write(value[index], writing);
      // The others may have flaws of their own to tell.
      if (written === null) isWhole = false;
      else items.push(written);
    }
    // Put together here: a string that grew to the whole answer would leave a node of a rope for each item.
    return isWhole ? `[${items.join(',')}]` : null;
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
