import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  print,
  visit,
} from 'graphql';
import type { Told } from './field-sets.ts';
import type { FieldPath } from './places.ts';
import { fragmentsOf } from './selections.ts';

/** A document in words that the planner takes as they are meant. */
export interface Wording {
  /** What is planned. */
  source: string;
  /** The name that a field of the client's document has in it. */
  nameOf: (node: FieldNode) => string;
  /** A path of the plan, as the client knows it. */
  asAsked: (path: FieldPath) => FieldPath;
}

/**
 * Words a document for the planner. It takes fields of one name for one field, also where a client
 * calls another so, or asks with other arguments, than what one subgraph is to tell the other; and
 * it forgets a field of which, by a condition in another, nothing is asked.
 */
export function wordFor(told: Told, source: string, document: DocumentNode): Wording {
  const suffix = unusedSuffix(source);
  const fragments = fragmentsOf(document);
  const leftOut = fragmentsLeftOut(document);
  const nameOf = (node: FieldNode): string => {
    const name = (node.alias ?? node.name).value;
    const isOther = name !== node.name.value && told.names.has(name);
    return isOther || told.withArguments.has(name) ? `${name}${suffix}` : name;
  };
  const worded = visit(document, {
    Field(node, _key, _parent, _path, ancestors) {
      const name = nameOf(node);
      const isRenamed = name !== (node.alias ?? node.name).value;
      const set = node.selectionSet;
      const isEmptied =
        set &&
        [...ancestors, node].some((each) => mayBeLeftOut(each, leftOut)) &&
        !asksForCertain(set, fragments);
      if (!isRenamed && !isEmptied) return undefined;
      return {
        ...node,
        ...(isRenamed && { alias: { kind: Kind.NAME, value: name } }),
        ...(isEmptied && { selectionSet: { ...set, selections: [...set.selections, typename] } }),
      } satisfies FieldNode;
    },
  });
  return {
    source: worded === document ? source : print(worded),
    nameOf,
    asAsked: (path) =>
      path.map((part) =>
        typeof part === 'string' && part.endsWith(suffix) ? part.slice(0, -suffix.length) : part,
      ),
  };
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function unusedSuffix(source: string): string {
  let suffix = '_asked';
  while (source.includes(suffix)) suffix += '_';
  return suffix;
}

/** Whether a condition may leave out all that a node holds. */
function mayBeLeftOut(node: ASTNode | readonly ASTNode[], fragments: ReadonlySet<string>): boolean {
  if (!('kind' in node)) return false;
  if (node.kind === Kind.FRAGMENT_DEFINITION) return fragments.has(node.name.value);
  return isConditional(node);
}

/** The fragments that are spread where a condition may leave them out. */
function fragmentsLeftOut(document: DocumentNode): Set<string> {
  const found = new Set<string>();
  let known = -1;
  while (known < found.size) {
    known = found.size;
    visit(document, {
      FragmentSpread(node, _key, _parent, _path, ancestors) {
        const isLeftOut = [...ancestors, node].some((each) => mayBeLeftOut(each, found));
        if (isLeftOut) found.add(node.name.value);
      },
    });
  }
  return found;
}

function isConditional(node: ASTNode): boolean {
  const directives = 'directives' in node ? node.directives : undefined;
  return directives?.some(({ name }) => ['skip', 'include'].includes(name.value)) === true;
}

/** Whether something is selected whatever the conditions are. */
function asksForCertain(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  return selections.some((node) => {
    if (isConditional(node)) return false;
    if (node.kind === Kind.FIELD) return true;
    const { selectionSet } =
      node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)!;
    return asksForCertain(selectionSet, fragments);
  });
}
