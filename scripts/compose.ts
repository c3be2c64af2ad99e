/** Composes schema/supergraph.graphql from the four subgraphs. */
import { composeServices } from '@apollo/composition';
import { subgraphNames } from '../platform/config.ts';
import { readSdl } from '../platform/subgraph.ts';
import { writeGenerated } from './generated.ts';

// The gateway has its own way to each subgraph; the URLs are for any other router of this supergraph.
const composed = composeServices(
  subgraphNames.map((name, index) => ({
    name,
    typeDefs: readSdl(name),
    url: `http://127.0.0.1:${4001 + index}/graphql`,
  })),
);
if (composed.errors) {
  for (const error of composed.errors) process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
const header = '# Generated from the subgraphs by `npm run compose`. Do not edit.\n';
await writeGenerated('schema/supergraph.graphql', `${header}${composed.supergraphSdl}\n`);
