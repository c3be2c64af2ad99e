import type { FormattedExecutionResult } from 'graphql';
import { type Gateway, type GatewayParts, start } from '../../gateway/server.ts';
import { type SubgraphClient, localClient } from '../../gateway/subgraph-client.ts';
import { type Config, type SubgraphName, subgraphNames } from '../../platform/config.ts';
import type { Limits } from '../../platform/limits.ts';
import type { Platform } from '../../platform/context.ts';
import { testConfig } from './config.ts';
import { type SmallName, composeSmallGraph, smallNames, smallSubgraph } from './small-graph.ts';
import { testPlatform } from './subgraph.ts';

/** A configuration whose gateway takes any free port. */
export function gatewayConfig(limits: Partial<Limits> = {}): Config {
  const config = testConfig();
  return {
    ...config,
    ports: { ...config.ports, gateway: 0 },
    hosts: { ...config.hosts, gateway: '127.0.0.1' },
    limits: { ...config.limits, ...limits },
  };
}

/** For a gateway that is asked in process, without tokens. */
export const noIdentity: GatewayParts['identity'] = {
  keys: () => Promise.reject(new Error('There are no keys.')),
  mount: () => Promise.resolve(),
};

interface Given {
  /** Other ways to a subgraph than the small graph's own in process. */
  clients?: Partial<Record<SmallName, SubgraphClient>>;
  identity?: GatewayParts['identity'];
  isReady?: () => Promise<boolean>;
  limits?: Partial<Limits>;
  /** The file of another supergraph, instead of the small graph's. */
  supergraphFile?: string;
  /** Other settings. */
  config?: Partial<Config>;
  platform?: Platform;
}

export interface RunningGateway extends Gateway {
  url: string;
}

/** Starts a gateway over the small graph, listening. */
export async function startSmallGateway(given: Given = {}): Promise<RunningGateway> {
  const subgraphs = Object.fromEntries(
    smallNames.map((name) => [name, given.clients?.[name] ?? localClient(smallSubgraph(name))]),
  ) as Record<SubgraphName, SubgraphClient>;
  const gateway = await start(
    {
      ...gatewayConfig(given.limits),
      ...given.config,
      ...(given.supergraphFile && { supergraphFile: given.supergraphFile }),
    },
    given.platform ?? testPlatform(),
    {
      subgraphs,
      identity: given.identity ?? noIdentity,
      ...(!given.supergraphFile && { supergraphSdl: composeSmallGraph() }),
      ...(given.isReady && { isReady: given.isReady }),
    },
  );
  return { ...gateway, url: await gateway.listen() };
}

/** Starts a gateway over the whole schema, listening. Each subgraph answers by `send`. */
export async function startWholeGateway(
  { keys, send }: Pick<GatewayParts['identity'], 'keys'> & Pick<SubgraphClient, 'send'>,
  { limits = {}, platform = testPlatform() }: Pick<Given, 'limits' | 'platform'> = {},
): Promise<RunningGateway> {
  const client: SubgraphClient = { send, close: () => Promise.resolve() };
  const gateway = await start(gatewayConfig(limits), platform, {
    subgraphs: Object.fromEntries(subgraphNames.map((name) => [name, client])) as Record<
      SubgraphName,
      SubgraphClient
    >,
    identity: { keys, mount: () => Promise.resolve() },
  });
  return { ...gateway, url: await gateway.listen() };
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: FormattedExecutionResult<Record<string, never>, { code?: string; requestId?: string }>;
}

/** Posts an operation as a client does. */
export async function post(
  url: string,
  query: string,
  headers: Record<string, string> = {},
  variables: object = {},
): Promise<HttpAnswer> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await answer.json()) as HttpAnswer['body'];
  return { status: answer.status, headers: answer.headers, body };
}
