import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { FieldPath } from './places.ts';
import { type Tree, isTree, put, valueAt } from './trees.ts';
import { isOfType } from './types.ts';

const fragment = '... on ';

/** The type that a step of a rewrite's path narrows to; null for a step to a field. */
export function typeOfStep(step: string): string | null {
  return step.startsWith(fragment) ? step.slice(fragment.length) : null;
}

/**
 * Makes of a subgraph's answer what the rest of the plan expects: fields that the planner has given
 * another name, so that two of them can stand in one selection, get their own again.
 */
export function applyRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[],
  tree: Tree,
): void {
  for (const rewrite of rewrites) applyAt(schema, rewrite, 0, tree);
}

function applyAt(
  schema: GraphQLSchema,
  rewrite: FetchDataRewrite,
  step: number,
  value: unknown,
): void {
  if (Array.isArray(value)) {
    for (const item of value) applyAt(schema, rewrite, step, item);
    return;
  }
  const name = rewrite.path[step];
  if (!isTree(value) || name === undefined) return;
  const type = typeOfStep(name);
  if (type !== null) {
    // Not every object tells its type: the planner counts on those, too.
    const own = value['__typename'];
    if (typeof own !== 'string' || isOfType(schema, own, type)) {
      applyAt(schema, rewrite, step + 1, value);
    }
  } else if (step < rewrite.path.length - 1) {
    applyAt(schema, rewrite, step + 1, valueAt(value, name));
  } else {
    rewriteField(value, name, rewrite);
  }
}

function rewriteField(tree: Tree, name: string, rewrite: FetchDataRewrite): void {
  if (rewrite.kind === 'ValueSetter') {
    put(tree, name, rewrite.setValueTo);
    return;
  }
  const value = valueAt(tree, name);
  if (value === undefined) return;
  delete tree[name];
  put(tree, rewrite.renameKeyTo, value);
}

/** The path of an error by the names that its fields have after the rewrites. */
export function rewritePath(rewrites: readonly FetchDataRewrite[], path: FieldPath): FieldPath {
  let renamed = path;
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const steps = rewrite.path.filter((step) => typeOfStep(step) === null);
    const place = placeOfField(steps, renamed);
    if (place !== null) renamed = renamed.with(place, rewrite.renameKeyTo);
  }
  return renamed;
}

/** Where in a path with indices the last of these names stands; null where the path leads elsewhere. */
function placeOfField(names: readonly string[], path: FieldPath): number | null {
  let next = 0;
  for (const [place, part] of path.entries()) {
    if (typeof part === 'number') continue;
    if (part !== names[next]) return null;
    if (++next === names.length) return place;
  }
  return null;
}
