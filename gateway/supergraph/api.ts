import { ApolloGateway } from '@apollo/gateway';
import { assertValidSchema, printSchema } from 'graphql';

/** A supergraph's text, and the subgraphs that it may name. */
export interface Loading {
  sdl: string;
  subgraphs: readonly string[];
}

/**
 * Has Apollo's gateway load a supergraph, by the rules of federation.
 *
 * @returns what clients see of it, as SDL
 * @throws where it cannot be served: the message says why
 */
export async function readApi({ sdl, subgraphs }: Loading): Promise<string> {
  // Read when an ApolloGateway is made: without it, it reports to its maker.
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    // Composition has checked it; again would be a third of the start.
    validateSupergraph: false,
    logger: silent,
    buildService({ name }) {
      if (!subgraphs.includes(name)) throw new Error(`There is no way to the subgraph "${name}".`);
      return unasked;
    },
  });
  const { schema } = await gateway.load();
  await gateway.stop();
  assertValidSchema(schema);
  return printSchema(schema);
}

/** Apollo's own executor would ask by this. */
const unasked = {
  process: () => Promise.reject(new Error('Subgraphs are asked by the steps of a plan.')),
};

/** Whatever is wrong is thrown too. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };
