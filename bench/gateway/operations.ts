import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  Kind,
  OperationTypeNode,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  parse,
  print,
  validate,
} from 'graphql';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../platform/root.ts';

/** An operation alone in its document. */
export interface Sized {
  source: string;
  document: DocumentNode;
  fields: number;
}

/** Where operations are that somebody sends: samples, examples and journeys. */
const places = ['gateway/graphiql/samples', 'examples/client', 'test/journeys'];
/** Of a generated one: fields in each other, and all of them. The gateway takes no more than 500. */
const depth = 5;
const fieldsMax = 450;

/** The largest operations that there are, and what a client could ask of each field of Query. */
export function largestOperations(schema: GraphQLSchema, count: number): Sized[] {
  const sources = [...places.flatMap(written), ...generated(schema)];
  return sources
    .flatMap(operationsOf)
    .filter(({ document }) => validate(schema, document).length === 0)
    .toSorted((a, b) => b.fields - a.fields)
    .slice(0, count);
}

/** Documents of files, and those that stand in programs. */
function written(place: string): string[] {
  const folder = join(root, place);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    if (file.endsWith('.graphql')) return [readFileSync(join(folder, file), 'utf8')];
    if (!file.endsWith('.ts')) return [];
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/`\s*((?:query|mutation)\b[^`$]*(?:\$\w[^`$]*)*)`/g)].map(
      ([, source]) => source!,
    );
  });
}

function operationsOf(source: string): Sized[] {
  let document: DocumentNode;
  try {
    document = parse(source, { noLocation: true });
  } catch {
    // It was something else that begins in the same way.
    return [];
  }
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.OPERATION_DEFINITION) return [];
    const used = fragmentsUsed(node) ? fragments : [];
    const alone: DocumentNode = { kind: Kind.DOCUMENT, definitions: [node, ...used] };
    const text = print(alone);
    return [{ source: text, document: parse(text), fields: text.split('\n').length }];
  });
}

function fragmentsUsed(node: OperationDefinitionNode): boolean {
  return print(node).includes('...');
}

/** Of each field of Query that needs no argument: all below it, as far as a client may go. */
function generated(schema: GraphQLSchema): string[] {
  const fields = Object.values(schema.getRootType(OperationTypeNode.QUERY)!.getFields());
  return fields.filter(isPlain).map((field) => {
    const left = { fields: fieldsMax };
    return `{ ${selectionOf(field, depth, left)} }`;
  });
}

function selectionOf(
  field: GraphQLField<unknown, unknown>,
  levels: number,
  left: { fields: number },
): string {
  left.fields--;
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return field.name;
  const below = fieldsOf(type)
    .filter((each) => levels > 1 || !isCompositeType(getNamedType(each.type)))
    .flatMap((each) => (left.fields > 0 ? [selectionOf(each, levels - 1, left)] : []));
  return `${field.name} { ${['__typename', ...below].join(' ')} }`;
}

function fieldsOf(type: GraphQLNamedType): GraphQLField<unknown, unknown>[] {
  return isObjectType(type) ? Object.values(type.getFields()).filter(isPlain) : [];
}

function isPlain({ args }: GraphQLField<unknown, unknown>): boolean {
  return !args.some(isRequiredArgument);
}
