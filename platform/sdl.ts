import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentNode,
  type GraphQLInputType,
  GraphQLScalarType,
  buildASTSchema,
  isInputType,
  parse,
} from 'graphql';
import type { SubgraphName } from './config.ts';
import { root } from './root.ts';
import { scalars } from './scalars.ts';

/** The SDL of a subgraph, with what all subgraphs share in front. */
export function readSdl(name: SubgraphName): DocumentNode {
  const read = (file: string) => readFileSync(join(root, 'schema', `${file}.graphql`), 'utf8');
  return parse(`${read('common')}\n${read(name)}`);
}

/** A type of a subgraph's input, whose values are read as the subgraph reads them. */
export function readInputType(name: SubgraphName, typeName: string): GraphQLInputType {
  const schema = buildASTSchema(readSdl(name), { assumeValidSDL: true });
  for (const [scalarName, { parseValue }] of Object.entries(scalars)) {
    const scalar = schema.getType(scalarName);
    if (scalar instanceof GraphQLScalarType) Object.assign(scalar, { parseValue });
  }
  const type = schema.getType(typeName);
  if (!isInputType(type)) throw new Error(`${name} has no input ${typeName}.`);
  return type;
}
