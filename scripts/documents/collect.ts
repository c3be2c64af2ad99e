import {
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { audiences } from '../../gateway/audiences.ts';
import type { Audience } from '../../platform/contract.generated.ts';

/** One operation with the fragments that it uses. */
export interface Written {
  name: string;
  /** The file that it stands in. */
  path: string;
  /** Whose folder that file is in; null where it is in nobody's. */
  audience: Audience | null;
  source: string;
}

const scripts = /\.[cm]?[jt]sx?$/;
const template = /(?:\b(?:gql|graphql)\s*\(?|\/\*\s*GraphQL\s*\*\/)\s*`([^`]*)`/gi;

/**
 * The operations of a frontend's folder, by their names.
 *
 * @throws Error where one has no name, two have the same, or a fragment is missing
 */
export function collectOperations(folder: string): Written[] {
  const operations = new Map<string, { node: OperationDefinitionNode; path: string }>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const path of filesIn(folder)) {
    for (const node of definitionsIn(path)) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) {
        keep(fragments, node.name.value, node, print, path);
      } else if (node.kind === Kind.OPERATION_DEFINITION) {
        if (!node.name) throw new Error(`${path}: an operation has no name.`);
        keep(operations, node.name.value, { node, path }, (each) => print(each.node), path);
      }
    }
  }
  return [...operations]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { node, path }]) => {
      const used = usedBy(node, fragments, path);
      const source = [node, ...used].map(print).join('\n\n');
      return { name, path, audience: audienceOf(relative(folder, path)), source };
    });
}

function audienceOf(path: string): Audience | null {
  const folders = path.split(sep);
  return audiences.find((audience) => folders.includes(audience.toLowerCase())) ?? null;
}

/** Keeps what has a name; the same written twice is one. */
function keep<Node>(
  kept: Map<string, Node>,
  name: string,
  node: Node,
  textOf: (node: Node) => string,
  path: string,
): void {
  const other = kept.get(name);
  if (other && textOf(other) !== textOf(node)) {
    throw new Error(`${path}: ${name} is the name of another one too.`);
  }
  kept.set(name, other ?? node);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    })
    .sort();
}

function definitionsIn(path: string) {
  const texts = textsIn(path);
  try {
    return texts.flatMap((text) => [...parse(text, { noLocation: true }).definitions]);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

function textsIn(path: string): string[] {
  if (/\.(graphql|gql)$/.test(path)) return [readFileSync(path, 'utf8')];
  if (!scripts.test(path)) return [];
  // What a template puts in are fragments, which are found by their names.
  return [...readFileSync(path, 'utf8').matchAll(template)]
    .map(([, text]) => text!.replace(/\$\{[^}]*\}/g, ''))
    .filter((text) => text.trim() !== '');
}

/** The fragments that an operation uses, those in them among these, in the order of their names. */
function usedBy(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  path: string,
): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name: { value: name } }) {
        if (used.has(name)) return;
        const fragment = fragments.get(name);
        if (!fragment) throw new Error(`${path}: there is no fragment ${name}.`);
        used.set(name, fragment);
        follow(fragment);
      },
    });
  };
  follow(operation);
  return [...used.keys()].sort().map((name) => used.get(name)!);
}
