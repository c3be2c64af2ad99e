import { type Tree, isTree, valueAt } from './trees.ts';

/** Where a field stands in the client's answer. */
export type FieldPath = readonly (string | number)[];

/** The objects that a path of the plan leads to. */
export interface Place {
  /** Of names, and '@' for each item of a list. */
  readonly path: readonly string[];
  readonly found: readonly Tree[];
}

/** What a further path leads to from a place. */
export function enter(place: Place, path: readonly string[]): Place {
  const found: Tree[] = [];
  for (const tree of place.found) collect(tree, path, 0, found);
  return { path: [...place.path, ...path], found };
}

function collect(value: unknown, path: readonly string[], step: number, found: Tree[]): void {
  if (Array.isArray(value)) {
    const next = path[step] === '@' ? step + 1 : step;
    for (const item of value) collect(item, path, next, found);
  } else if (isTree(value)) {
    const name = path[step];
    if (name === undefined) found.push(value);
    else if (name === '@') collect(value, path, step + 1, found);
    else collect(valueAt(value, name), path, step + 1, found);
  }
}

/**
 * Where the objects of a place stand in the answer. Walked when there is an error to be placed, and
 * never otherwise. An object may stand at several places: what was asked once for all of them.
 */
export function pathsOf(data: Tree, path: readonly string[]): Map<Tree, FieldPath[]> {
  const paths = new Map<Tree, FieldPath[]>();
  const here: (string | number)[] = [];
  const visit = (value: unknown, step: number): void => {
    if (Array.isArray(value)) {
      const next = path[step] === '@' ? step + 1 : step;
      for (const [index, item] of value.entries()) {
        here.push(index);
        visit(item, next);
        here.pop();
      }
    } else if (isTree(value)) {
      const name = path[step];
      if (name === undefined) paths.set(value, [...(paths.get(value) ?? []), [...here]]);
      else if (name === '@') visit(value, step + 1);
      else {
        here.push(name);
        visit(valueAt(value, name), step + 1);
        here.pop();
      }
    }
  };
  visit(data, 0);
  return paths;
}

/** As much of a place's path as holds for all of its objects. */
export function knownPath({ path }: Place): FieldPath {
  const unknown = path.indexOf('@');
  return unknown < 0 ? path : path.slice(0, unknown);
}
