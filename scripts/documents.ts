/**
 * Writes the manifest of a frontend's operations: `npm run documents -- [folder] [file]`. The folder is
 * examples/client where it is left out, the file documents.json in it. Operations stand in *.graphql,
 * and in templates after gql, graphql or a comment of GraphQL in scripts; fragments are found by their
 * names. Below a folder of an audience (public, member, partner, admin) they are checked on its graph,
 * elsewhere one audience has to have them.
 */
import { type DocumentNode, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AudienceGraphs, audienceGraphs, audiences } from '../gateway/audiences.ts';
import { idOf } from '../gateway/documents/manifest.ts';
import { root } from '../platform/root.ts';
import { type Written, collectOperations } from './documents/collect.ts';

const given = process.argv.slice(2).map((path) => resolve(process.env['INIT_CWD'] ?? '.', path));
const [folder = join(root, 'examples/client'), file = join(folder, 'documents.json')] = given;

try {
  write();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

function write(): void {
  const graphs = audienceGraphs(readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8'));
  const operations = collectOperations(folder);
  if (operations.length === 0) throw new Error(`${folder} has no operations.`);
  for (const operation of operations) check(operation, graphs);
  const byId = operations.map(({ source }) => [idOf(source), source] as const);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(byId), null, 2)}\n`);
  process.stdout.write(`${file} has ${operations.length} documents.\n`);
}

/** @throws Error where no audience that may be meant has what the operation asks for */
function check({ name, path, audience, source }: Written, graphs: AudienceGraphs): void {
  const document = parse(source);
  const faults = (audience ? [audience] : audiences).map((each) => faultOf(graphs[each], document));
  if (faults.some((fault) => fault === null)) return;
  throw new Error(`${path}: ${name}: ${faults.at(-1)}`);
}

function faultOf(graph: GraphQLSchema, document: DocumentNode): string | null {
  return validate(graph, document, specifiedRules)[0]?.message ?? null;
}
