/**
 * Writes a frontend's types: `npm run codegen:client -- [folder]`, examples/client where it is left
 * out. The folder has a folder for each audience that asks (public, member, partner, admin) with its
 * operations in *.graphql; `operations.generated.ts` beside them then holds each operation with the
 * types of its variables and of its answer. An operation that the audience's graph does not have
 * fails here, not at the gateway.
 */
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import * as documents from '@graphql-codegen/typed-document-node';
import { type GraphQLSchema, parse, printSchema } from 'graphql';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { audienceGraphs, audiences } from '../gateway/audiences.ts';
import { root } from '../platform/root.ts';
import { writeGenerated } from './generated.ts';

const header = '// Generated from the operations here by `npm run codegen:client`. Do not edit.\n';

const config = {
  documentMode: 'string',
  enumsAsTypes: true,
  useTypeImports: true,
  strictScalars: true,
  // As they travel in JSON.
  scalars: {
    ID: 'string',
    Points: 'number',
    DateTime: 'string',
    Date: 'string',
    Decimal: 'string',
    CurrencyCode: 'string',
  },
};

const given = process.argv.slice(2).find((word) => !word.startsWith('--'));
// npm changes to the project's folder; the one who types stands in another.
const folder = given
  ? resolve(process.env['INIT_CWD'] ?? '.', given)
  : join(root, 'examples/client');
const graphs = audienceGraphs(readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8'));
const found = audiences.filter((audience) => existsSync(join(folder, audience.toLowerCase())));
try {
  if (found.length === 0) {
    const names = audiences.join(', ').toLowerCase();
    throw new Error(`${folder} has no folder of an audience: ${names}.`);
  }
  for (const audience of found) {
    await write(join(folder, audience.toLowerCase()), graphs[audience]);
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function write(folder: string, graph: GraphQLSchema): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const output = await codegen({
    filename: 'operations.generated.ts',
    schema: parse(printSchema(graph)),
    documents: files.sort().map((name) => {
      const location = join(folder, name);
      return { location, document: parse(readFileSync(location, 'utf8')) };
    }),
    config,
    plugins: [{ operations: {} }, { documents: {} }],
    pluginMap: { operations, documents },
  });
  await writeGenerated(join(folder, 'operations.generated.ts'), `${header}${output}\n`);
}
