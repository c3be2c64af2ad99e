import { OperationTypeNode, execute, getOperationAST, parse } from 'graphql';
import { createLocalJWKSet } from 'jose';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTokenReader } from '../../gateway/tokens.ts';
import { type Config, type SubgraphName, subgraphNames } from '../../platform/config.ts';
import { signHop } from '../../platform/hop.ts';
import { root } from '../../platform/root.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { System } from '../../system.ts';
import { isNightly } from './nightly.ts';
import type { GraphQLAnswer } from './subgraph.ts';
import { type RunningSystem, startHere, startInOneProcess } from './system.ts';

/**
 * The system in this process, with another gateway beside its own. Each query that the journey asks
 * is asked of both, and both have to answer alike.
 */
export async function startBesideAnother(
  ...given: Parameters<typeof startInOneProcess>
): Promise<RunningSystem> {
  const { running, system, config } = await startHere(...given);
  const readToken = createTokenReader(config, createLocalJWKSet(system.identity!.keys()));
  const askAnother = await openAnotherGateway(config, system.subgraphs);
  return {
    ...running,
    async ask(token, query, variables = {}) {
      const answer = await running.ask(token, query, variables);
      if (getOperationAST(parse(query))?.operation === OperationTypeNode.QUERY) {
        const viewer = await readToken(token === null ? undefined : `Bearer ${token}`);
        const other = await askAnother(viewer, query, variables);
        expect(withPlaces(other)).toEqual(withPlaces(answer));
      }
      return answer;
    },
  };
}

/** For other journeys: beside another gateway in the nightly run alone, since it costs a second. */
export const startJourney: typeof startInOneProcess = isNightly
  ? startBesideAnother
  : startInOneProcess;

/**
 * The words of an error are a gateway's own. What is null though the schema says otherwise, as where a
 * subgraph does not find an entity, stands in the extensions of this one's answers, and is an error to the other.
 */
function withPlaces({ data, errors = [], extensions }: GraphQLAnswer) {
  const all = [...errors, ...(extensions?.valueCompletion ?? [])];
  return { data: data ?? null, errors: all.map(({ path }) => path) };
}

/** What the other gateway's `fetch` is told of the one who asks. */
interface Asking {
  viewer: Viewer;
  requestId: string;
}

/**
 * Opens GraphQL Tools' gateway for Federation 2, which Hive Gateway is made of, on the project's
 * supergraph as it is. It is given a `fetch` that signs hops, and leads to the system's subgraphs.
 */
async function openAnotherGateway({ hopKeys }: Config, subgraphs: System['subgraphs']) {
  // It takes half a second to load: not for journeys that are without it.
  const { getStitchedSchemaFromSupergraphSdl } = await import('@graphql-tools/federation');
  const schema = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl: readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8'),
    httpExecutorOpts: ({ name: graph }) => {
      const name = subgraphNames.find((each) => graphNameOf(each) === graph)!;
      return {
        // It tells requests by what they are before they are signed: one viewer would be answered another's.
        deduplicateInflightRequests: false,
        async fetch(_url: string, { body }: RequestInit = {}, asking?: unknown) {
          const text = body as string;
          const headers = signHop(hopKeys[0]!, name, asking as Asking, text);
          const answer = await subgraphs[name].answer({ body: text, headers });
          return Response.json(answer.body, { status: answer.status });
        },
      };
    },
  });
  return async (viewer: Viewer, query: string, variables: object): Promise<GraphQLAnswer> => {
    const answer = await execute({
      schema,
      document: parse(query),
      variableValues: variables as Record<string, unknown>,
      contextValue: { viewer, requestId: randomUUID() } satisfies Asking,
    });
    return JSON.parse(JSON.stringify(answer)) as GraphQLAnswer;
  };
}

/** What the supergraph calls a subgraph. */
function graphNameOf(name: SubgraphName): string {
  return name.replaceAll('-', '_').toUpperCase();
}
