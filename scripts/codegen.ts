/** Writes the generated types: the contract's enums for the platform, resolver types for each subgraph. */
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { dirname, join } from 'node:path';
import { type SubgraphName, subgraphNames } from '../platform/config.ts';
import { root } from '../platform/root.ts';
import { readSdl } from '../platform/subgraph.ts';
import { writeGenerated } from './generated.ts';

const header = '// Generated from schema/ by `npm run codegen`. Do not edit.\n';

const types = {
  enumsAsTypes: true,
  useTypeImports: true,
  skipTypename: true,
  strictScalars: true,
  scalars: {
    ID: 'string',
    Points: 'bigint',
    DateTime: 'Date',
    Date: 'string',
    Decimal: 'string',
    CurrencyCode: 'string',
    _FieldSet: 'string',
    federation__FieldSet: 'string',
    link__Import: 'string',
  },
};

const common = readFileSync(join(root, 'schema/common.graphql'), 'utf8');
const enums = parse(common).definitions.filter(({ kind }) => kind === Kind.ENUM_TYPE_DEFINITION);
await write('platform/contract.generated.ts', {
  schema: { kind: Kind.DOCUMENT, definitions: enums },
  plugins: [{ typescript: types }],
});

for (const name of subgraphNames) {
  await write(`subgraphs/${name}/types.generated.ts`, {
    schema: readSdl(name),
    plugins: [
      { typescript: types },
      {
        resolvers: {
          ...types,
          federation: true,
          contextType: './loaders.ts#SubgraphContext',
          mappers: mappersOf(name),
          mapperTypeSuffix: 'Row',
          enumsAsTypes: true,
          resolversNonOptionalTypename: false,
        },
      },
    ],
  });
}

/**
 * A type resolves from the entity, or the row type, of its own name: what `entities.ts` and
 * `rows.ts` of the subgraph export is all there is to know; of one with rooms, those of its rooms.
 */
function mappersOf(name: SubgraphName): Record<string, string> {
  // A table may be no type of the graph: the generator would import it, and not use it.
  const types = new Set(
    readSdl(name).definitions.flatMap((each) =>
      'name' in each && each.name ? each.name.value : [],
    ),
  );
  const mappers: Record<string, string> = {};
  for (const file of ['entities', 'rows']) {
    const source = readWithRooms(`subgraphs/${name}/${file}.ts`);
    for (const [, exported] of source.matchAll(/^export (?:class|interface|type) (\w+)/gm)) {
      if (types.has(exported!)) mappers[exported!] = `./${file}.ts#${exported}`;
    }
  }
  return mappers;
}

/** The text of a file and of those that it re-exports. */
function readWithRooms(path: string): string {
  const source = readFileSync(join(root, path), 'utf8');
  const rooms = [...source.matchAll(/^export (?:type )?\* from '(.+)';$/gm)];
  return [source, ...rooms.map(([, room]) => readWithRooms(join(dirname(path), room!)))].join('\n');
}

interface Generation {
  schema: ReturnType<typeof parse>;
  plugins: Record<string, object>[];
}

async function write(file: string, { schema, plugins }: Generation): Promise<void> {
  const output = await codegen({
    filename: file,
    documents: [],
    config: {},
    schema,
    plugins,
    pluginMap: { typescript, resolvers },
  });
  await writeGenerated(file, `${header}${output}\n`);
}
