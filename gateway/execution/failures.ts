import { type FieldPath, type Place, pathsOf } from './places.ts';
import type { HasFailed } from './representations.ts';
import { type Run, errorsMax } from './run.ts';
import type { Tree } from './trees.ts';

/**
 * Tells of the objects of a place whether a field that one has not would be there but for a failure: where an
 * error stands at the field, above it or below, or a subgraph had nothing of the object. Errors elsewhere
 * say nothing of it. Where some are left out for their number, any may have been the field's.
 */
export function failuresAt(run: Run, place: Place): HasFailed {
  let paths: Map<Tree, FieldPath[]> | undefined;
  return (entity, name) => {
    if (run.lacking.has(entity) || run.errors.length === errorsMax) return true;
    if (run.errors.length === 0) return false;
    paths ??= pathsOf(run.data, place.path);
    const fields = paths.get(entity)?.map((path) => [...path, name]) ?? [];
    return run.errors.some(({ path = [] }) => fields.some((field) => isOnTheWay(path, field)));
  };
}

/** Whether one of two paths leads to the other. */
function isOnTheWay(one: FieldPath, other: FieldPath): boolean {
  const length = Math.min(one.length, other.length);
  for (let place = 0; place < length; place++) if (one[place] !== other[place]) return false;
  return true;
}
