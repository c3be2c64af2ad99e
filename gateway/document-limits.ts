import {
  type ASTNode,
  type DocumentNode,
  Kind,
  Lexer,
  Source,
  TokenKind,
  parse,
  visit,
} from 'graphql';
import type { Limits } from '../platform/limits.ts';

/**
 * Why a document is too much to check, as it is written; null where it may be checked. Validation
 * compares fields of one name in pairs and follows fragments in each other, so that a document of
 * 2,000 tokens could keep it busy, or end it.
 */
export function refusalOfDocument(source: string, limits: Limits): string | null {
  const { sameFields, fieldDirectives } = limits;
  let document: DocumentNode;
  try {
    const refused = refusalOfTokens(source, limits);
    if (refused) return refused;
    document = parse(source, { noLocation: true });
  } catch {
    // Who parses it next says what is wrong.
    return null;
  }
  const counted = countOf(document);
  for (const [name, what] of Object.entries(bounds) as [keyof typeof bounds, string][]) {
    if (counted[name] > limits[name]) return `A document has at most ${limits[name]} ${what}.`;
  }
  if (counted.fieldDirectives > fieldDirectives) {
    return `A field has at most ${fieldDirectives} directives.`;
  }
  if (counted.sameFields > sameFields) {
    return `A document asks for fields below one name at most ${sameFields} times.`;
  }
  return counted.listItems > limits.inputListItems ? longList(limits) : null;
}

const bounds = {
  documentAliases: 'aliases',
  documentDirectives: 'directives',
  documentFragments: 'fragments',
  documentSpreads: 'uses of fragments',
} as const;

type Counted = Record<keyof typeof bounds | 'fieldDirectives' | 'sameFields' | 'listItems', number>;

function refusalOfTokens(source: string, { documentTokens, nameLetters }: Limits): string | null {
  const lexer = new Lexer(new Source(source));
  let tokens = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (++tokens > documentTokens) return `A document has at most ${documentTokens} tokens.`;
    if (token.kind === TokenKind.NAME && token.value.length > nameLetters) {
      return `A name in a document has at most ${nameLetters} letters.`;
    }
  }
  return null;
}

function countOf(document: DocumentNode): Counted {
  const counted: Counted = {
    documentAliases: 0,
    documentDirectives: 0,
    documentFragments: 0,
    documentSpreads: 0,
    fieldDirectives: 0,
    sameFields: 0,
    listItems: 0,
  };
  const named = new Map<string, number>();
  visit(document, {
    enter(node: ASTNode) {
      switch (node.kind) {
        case Kind.FIELD: {
          if (node.alias) counted.documentAliases++;
          if (!node.selectionSet) break;
          const name = (node.alias ?? node.name).value;
          const times = (named.get(name) ?? 0) + 1;
          named.set(name, times);
          counted.sameFields = Math.max(counted.sameFields, times);
          break;
        }
        case Kind.FRAGMENT_DEFINITION:
          counted.documentFragments++;
          break;
        case Kind.FRAGMENT_SPREAD:
        case Kind.INLINE_FRAGMENT:
          counted.documentSpreads++;
          break;
        case Kind.LIST:
          counted.listItems = Math.max(counted.listItems, node.values.length);
          break;
      }
      if (!('directives' in node) || !node.directives) return;
      counted.documentDirectives += node.directives.length;
      counted.fieldDirectives = Math.max(counted.fieldDirectives, node.directives.length);
    },
  });
  return counted;
}

/** Why variables are too much to read, before their types are looked at; null where they are not. */
export function refusalOfVariables(variables: unknown, limits: Limits): string | null {
  // Not by recursion: what nests too deep for it is what is looked for.
  const left = [{ value: variables, depth: 0 }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth === limits.inputDepth) return `Variables nest at most ${limits.inputDepth} deep.`;
    const items: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (Array.isArray(value) && items.length > limits.inputListItems) return longList(limits);
    for (const item of items) left.push({ value: item, depth: depth + 1 });
  }
  return null;
}

function longList({ inputListItems }: Limits): string {
  return `A list in an input has at most ${inputListItems} items.`;
}
