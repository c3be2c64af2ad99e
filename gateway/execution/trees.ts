/** An object of an answer, as it stands in JSON. */
export interface Tree {
  [name: string]: unknown;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What an object has under a name. Clients choose names: none may find what each object inherits,
 * such as `constructor`.
 */
export function valueAt(tree: Tree, name: string): unknown {
  const value = tree[name];
  if (typeof value === 'function') return undefined;
  return name === '__proto__' && !Object.hasOwn(tree, name) ? undefined : value;
}

export function put(tree: Tree, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(tree, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    tree[name] = value;
  }
}

/**
 * Merges what a subgraph answered into what is there, in place. Null says that this subgraph has
 * nothing: it takes nothing away that another has given.
 */
export function mergeInto(target: Tree, source: Tree): void {
  for (const name of Object.keys(source)) {
    const given = source[name];
    const known = valueAt(target, name);
    if (known === undefined || known === null) put(target, name, given);
    else if (given !== null && given !== known) mergeKnown(target, name, known, given);
  }
}

function mergeKnown(target: Tree, name: string, known: unknown, given: unknown): void {
  if (isTree(known) && isTree(given)) mergeInto(known, given);
  else if (areListsOfOne(known, given)) mergeLists(known, given);
  else put(target, name, given);
}

/** Lists that are taken for the same one: another length is another list. */
function areListsOfOne(known: unknown, given: unknown): known is unknown[] {
  return Array.isArray(known) && Array.isArray(given) && known.length === given.length;
}

function mergeLists(known: unknown[], given: unknown): void {
  for (const [index, item] of (given as unknown[]).entries()) {
    const there = known[index];
    if (isTree(there) && isTree(item)) {
      if (there !== item) mergeInto(there, item);
    } else if (areListsOfOne(there, item)) {
      mergeLists(there, item);
    } else if (item !== null) {
      known[index] = item;
    }
  }
}
