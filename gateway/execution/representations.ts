import type {
  FetchDataRewrite,
  QueryPlanFieldNode,
  QueryPlanSelectionNode,
} from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { writeAny } from './leaves.ts';
import { typeOfStep } from './rewrites.ts';
import { type Tree, isTree, valueAt } from './trees.ts';
import { isOfType } from './types.ts';

/** Tells whether something failed that an object would have a field by: otherwise the field was not asked for. */
export type HasFailed = (entity: Tree, name: string) => boolean;

/** Writes an object as JSON; null where something that is required of it is not there. */
type WriteTree = (tree: Tree, hasFailed: HasFailed) => string | null;

interface RequiredField {
  /** What stands before the value: a comma but for the first, and the name that the subgraph knows. */
  head: string;
  name: string;
  write: (value: unknown) => string | null;
  /** Whether only fields need it that this operation may have left out. */
  canLack: boolean;
}

/** What a step of the plan requires of an object. */
interface Required {
  selections: readonly QueryPlanSelectionNode[];
  rewrites: readonly Rewrite[];
  /** The fields of a type that can be lacking. */
  lacking?: (type: string) => ReadonlySet<string>;
}

/** A rewrite, and how much of its path lies behind. */
interface Rewrite {
  rewrite: FetchDataRewrite;
  step: number;
}

/**
 * Compiles what writes an entity as a subgraph is asked for it: its type, its key, and the fields
 * that the subgraph requires. There is no representation of an entity whose required fields another
 * subgraph owes: the error of that is known already.
 *
 * @param lacking the fields of a type that may be missing where nothing failed
 * @returns writes an entity; nothing ('') where no fragment is of its type
 */
export function compileRepresentation(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[],
  lacking: NonNullable<Required['lacking']>,
): WriteTree {
  const write = compileTree(schema, {
    selections,
    rewrites: rewrites.map((rewrite) => ({ rewrite, step: 0 })),
    lacking,
  });
  return (entity, hasFailed) => {
    const isTyped = typeof entity['__typename'] === 'string';
    const text = isTyped ? write(entity, hasFailed) : null;
    return text === '{}' ? '' : text;
  };
}

function compileTree(schema: GraphQLSchema, required: Required): WriteTree {
  const byType = new Map<string | null, readonly RequiredField[]>();
  const fieldsOf = (tree: Tree): readonly RequiredField[] => {
    const own = tree['__typename'];
    // Subgraphs say what they like: only the schema's own names are kept.
    const type = typeof own === 'string' && schema.getType(own) ? own : null;
    let fields = byType.get(type);
    if (!fields) byType.set(type, (fields = compileFields(schema, required, type)));
    return fields;
  };
  return (tree, hasFailed) => {
    let text = '{';
    for (const { head, name, write, canLack } of fieldsOf(tree)) {
      const value = valueAt(tree, name);
      const written = value === undefined ? null : write(value);
      if (written !== null) text += head + written;
      else if (!canLack || hasFailed(tree, name)) return null;
    }
    return `${text}}`;
  };
}

function compileFields(
  schema: GraphQLSchema,
  { selections, rewrites, lacking }: Required,
  type: string | null,
): RequiredField[] {
  const lackable = type === null ? undefined : lacking?.(type);
  const applying = rewrites.flatMap((each) => enterTypes(schema, each, type));
  const fields = new Map<string, Omit<RequiredField, 'head'>>();
  for (const [name, nodes] of collectFields(schema, selections, type)) {
    const below = {
      selections: nodes.flatMap((node) => node.selections ?? []),
      rewrites: applying
        .filter(({ rewrite, step }) => rewrite.path[step] === name)
        .map(({ rewrite, step }) => ({ rewrite, step: step + 1 })),
    };
    const own = below.rewrites.find(({ rewrite, step }) => step === rewrite.path.length)?.rewrite;
    // Whose fields these are tells its type.
    const typename = name === '__typename' ? type : null;
    const told: unknown = own?.kind === 'ValueSetter' ? own.setValueTo : typename;
    const write = told === null ? compileValue(schema, below) : constant(told);
    const canLack = lackable?.has(name) === true;
    fields.set(own?.kind === 'KeyRenamer' ? own.renameKeyTo : name, { name, write, canLack });
  }
  // What is there for certain comes first: the type, for one.
  const inOrder = [...fields].toSorted(([, a], [, b]) => Number(a.canLack) - Number(b.canLack));
  return inOrder.map(([name, field], place) => ({
    ...field,
    head: `${place > 0 ? ',' : ''}${JSON.stringify(name)}:`,
  }));
}

/** The rewrite at its next field; nothing where it is for objects of another type. */
function enterTypes(
  schema: GraphQLSchema,
  { rewrite, step }: Rewrite,
  type: string | null,
): Rewrite[] {
  for (let next = step; ; next++) {
    const name = rewrite.path[next];
    const condition = name === undefined ? null : typeOfStep(name);
    if (condition === null) return [{ rewrite, step: next }];
    if (type !== null && !isOfType(schema, type, condition)) return [];
  }
}

/** The fields that are required of objects of a type, each with all of its selections. */
function collectFields(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
  type: string | null,
  fields = new Map<string, QueryPlanFieldNode[]>(),
): Map<string, QueryPlanFieldNode[]> {
  for (const node of selections) {
    if (node.kind === 'Field') {
      const name = node.alias ?? node.name;
      fields.set(name, [...(fields.get(name) ?? []), node]);
    } else if (
      !node.typeCondition ||
      (type !== null && isOfType(schema, type, node.typeCondition))
    ) {
      collectFields(schema, node.selections, type, fields);
    }
  }
  return fields;
}

function constant(value: unknown): () => string {
  const text = JSON.stringify(value);
  return () => text;
}

function compileValue(schema: GraphQLSchema, required: Required): RequiredField['write'] {
  if (required.selections.length === 0) return (value) => writeAny(value, false);
  const writeTree = compileTree(schema, required);
  const write: RequiredField['write'] = (value) => {
    if (isTree(value)) return writeTree(value, () => true);
    if (!Array.isArray(value)) return 'null';
    const items = value.map(write);
    return items.includes(null) ? null : `[${items.join(',')}]`;
  };
  return write;
}
