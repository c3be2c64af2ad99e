import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
} from 'graphql';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Limits } from '../../platform/limits.ts';

/** A document that a frontend was built with. */
export interface TrustedDocument {
  source: string;
  document: DocumentNode;
  /** Its only operation's name; null where it has several, or one without a name. */
  operationName: string | null;
}

/** Documents by their ids. */
export type Manifest = ReadonlyMap<string, TrustedDocument>;

/** A manifest that cannot be used: the message says why. */
export class ManifestError extends Error {}

/** A document's id. Source: GraphQL over HTTP, persisted documents. */
export function idOf(source: string): string {
  return `sha256:${createHash('sha256').update(source).digest('hex')}`;
}

/** An id as it may be written: with the name of the hash, or without. */
export function readId(id: string): string {
  return id.startsWith('sha256:') ? id : `sha256:${id}`;
}

/**
 * A document as it would be written if there were one way to write it: without comments and space,
 * operations first and fragments in the order of their names.
 */
export function canonical({ definitions }: DocumentNode): string {
  const operations = definitions.filter(isOperation);
  const fragments = definitions.filter(isFragment);
  const sorted = fragments.toSorted((a, b) => (a.name.value < b.name.value ? -1 : 1));
  return print({ kind: Kind.DOCUMENT, definitions: [...operations, ...sorted] });
}

const byId = z.record(z.string(), z.string());
/** What tools of Apollo's clients write. */
const ofApollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});

/**
 * Reads a manifest: an object of documents by their ids, or Apollo's form of one.
 *
 * @throws ManifestError also where an id is not its document's hash: it would stand for another one
 */
export function readManifest(text: string, limits: Limits): Manifest {
  const entries = entriesOf(text);
  if (entries.length > limits.manifestDocuments) {
    throw new ManifestError(`A manifest has at most ${limits.manifestDocuments} documents.`);
  }
  return new Map(
    entries.map(([given, source]) => {
      const id = readId(given);
      if (id !== idOf(source)) throw new ManifestError(`${given} is not its document’s SHA-256.`);
      return [id, readDocument(id, source, limits)];
    }),
  );
}

function entriesOf(text: string): [id: string, source: string][] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ManifestError('The manifest is not JSON.');
  }
  const apollo = ofApollo.safeParse(json);
  if (apollo.success) return apollo.data.operations.map(({ id, body }) => [id, body]);
  const plain = byId.safeParse(json);
  if (plain.success) return Object.entries(plain.data);
  throw new ManifestError('A manifest is an object of documents by their ids.');
}

function readDocument(id: string, source: string, limits: Limits): TrustedDocument {
  try {
    const document = parse(source, { maxTokens: limits.documentTokens });
    const [only, ...others] = document.definitions.filter(isOperation);
    return { source, document, operationName: (others.length === 0 && only?.name?.value) || null };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new ManifestError(`${id}: ${error.message}`);
  }
}

function isOperation(node: { kind: string }): node is OperationDefinitionNode {
  return node.kind === (Kind.OPERATION_DEFINITION as string);
}

function isFragment(node: { kind: string }): node is FragmentDefinitionNode {
  return node.kind === (Kind.FRAGMENT_DEFINITION as string);
}
