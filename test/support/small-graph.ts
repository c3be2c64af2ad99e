import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLFieldResolver, graphql, parse } from 'graphql';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Hop, verifyHop } from '../../platform/hop.ts';
import { scalars } from '../../platform/scalars.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { testConfig } from './config.ts';

type Answer = Subgraph['answer'];
type Field = GraphQLFieldResolver<{ id: string }, Hop>;

/**
 * Three subgraphs for tests of the gateway alone: who asks, two partners and lists of them, and a
 * feed over both. The scalars are the contract's.
 */
const subgraphs = {
  members: {
    sdl: `
      type Query { me: Member }
      type Member @key(fields: "id") { id: ID!  name: String }
    `,
    resolvers: {
      Query: {
        me: ((_, __, { viewer }) => viewer.memberId && { id: viewer.memberId }) as Field,
      },
      Member: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        name: (({ id }) => `Member ${id.slice(0, 4)}`) as Field,
      },
    },
  },
  partners: {
    sdl: `
      scalar Points  scalar Decimal  scalar DateTime  scalar Date  scalar CurrencyCode
      input QuoteInput { amount: Decimal  currency: CurrencyCode }
      type Query {
        partners: [Partner!]  hop: String
        quote(points: Points, at: DateTime, on: Date, input: QuoteInput): String
        catalog(first: Int = 20): PartnerConnection
        named(names: [String!]!): [Partner!]
      }
      type PartnerConnection @cached(seconds: 60) { edges: [PartnerEdge!]!  nodes: [Partner!]! }
      type PartnerEdge { cursor: String!  node: Partner! }
      type Mutation { rename(name: String!): Partner }
      type Partner @key(fields: "id") @cached(seconds: 60) {
        id: ID!  name: String  parent: Partner  catalog(first: Int = 20): PartnerConnection
      }
    `,
    resolvers: {
      ...scalars,
      Query: {
        quote: ((_, { points, at }) => `${typeof points} ${at instanceof Date}`) as Field,
        catalog: () => ({ nodes: [{ id: 'p1' }] }),
        partners: (() => [{ id: 'p1' }, { id: 'p2' }]) as Field,
        named: ((_, { names }: { names: string[] }) => names.map((id) => ({ id }))) as Field,
        hop: ((_, __, { viewer, requestId }) => JSON.stringify({ viewer, requestId })) as Field,
      },
      Mutation: { rename: (() => ({ id: 'p1' })) as Field },
      Partner: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        name: (({ id }) => `Partner ${id}`) as Field,
      },
    },
  },
  community: {
    sdl: `
      type Query { feed: [Post!] }
      type Mutation { write(text: String!): Post }
      type Post { text: String!  author: Member  partner: Partner }
      type Member @key(fields: "id") { id: ID!  posts: Int }
      type Partner @key(fields: "id", resolvable: false) { id: ID! }
    `,
    resolvers: {
      Query: {
        feed: (() =>
          ['a', 'b'].map((text) => ({
            text,
            author: { id: 'm1' },
            partner: { id: 'p1' },
          }))) as Field,
      },
      Mutation: { write: (() => ({ text: 'c', author: { id: 'm1' } })) as Field },
      Member: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        posts: (() => 2) as Field,
      },
    },
  },
};

export type SmallName = keyof typeof subgraphs;
export const smallNames = Object.keys(subgraphs) as SmallName[];

const federation = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://specs.coalition.example/cached/v1.0", import: ["@cached"])
    @composeDirective(name: "@cached")
  directive @cached(seconds: Int!) on OBJECT | FIELD_DEFINITION
`;

function typeDefsOf(name: SmallName) {
  return parse(`${federation} ${subgraphs[name].sdl}`);
}

export function composeSmallGraph(): string {
  const { supergraphSdl, errors } = composeServices(
    smallNames.map((name) => ({
      name,
      typeDefs: typeDefsOf(name),
      url: `http://${name}.internal`,
    })),
  );
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

/** What a subgraph does with a hop: 403 unless the signature holds, then GraphQL. */
export function smallSubgraph(name: SmallName): { answer: Answer; hops: Hop[] } {
  const { resolvers } = subgraphs[name];
  const schema = buildSubgraphSchema({ typeDefs: typeDefsOf(name), resolvers: resolvers as never });
  const { hopKeys, limits } = testConfig();
  const hops: Hop[] = [];
  return {
    hops,
    async answer(request) {
      const hop = verifyHop(hopKeys, name, request, limits.hopAgeMs);
      if (!hop) return { status: 403, body: {} };
      hops.push(hop);
      const { query, variables, operationName } = JSON.parse(request.body) as Record<string, never>;
      const body = await graphql({
        schema,
        source: query!,
        variableValues: variables!,
        operationName: operationName!,
        contextValue: hop,
      });
      return { status: 200, body };
    },
  };
}

interface Served {
  url: string;
  close: () => Promise<void>;
}

/** Serves what answers hops over HTTP; a string goes out as it is. */
export function serveHops(
  answer: (request: Parameters<Answer>[0]) => Promise<{ status: number; body: object | string }>,
): Promise<Served> {
  return serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    const { status, body } = await answer({ body: Buffer.concat(chunks).toString(), headers });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** Serves JSON by path; 404 where there is none. */
export function serveJson(of: (path: string) => object | false): Promise<Served> {
  return serve((request, response) => {
    const body = of(request.url ?? '');
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(body ? JSON.stringify(body) : '');
  });
}

/** An HTTP server on any free port, for what stands around the gateway. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<Served> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
