import { createLocalJWKSet } from 'jose';
import { localIdentity, otherIssuer, remoteIdentity } from './gateway/identity-door.ts';
import { type Gateway, start as startGatewayPart } from './gateway/server.ts';
import { httpClient, localClient } from './gateway/subgraph-client.ts';
import { type Identity, start as startIdentity } from './identity/server.ts';
import { databaseClock } from './platform/clock.ts';
import { type Config, type PartName, type SubgraphName, subgraphNames } from './platform/config.ts';
import type { Platform } from './platform/context.ts';
import { openLog } from './platform/log.ts';
import { openMail } from './platform/mail.ts';
import { openMetrics } from './platform/metrics.ts';
import { openTexts } from './platform/texts.ts';
import type { Subgraph } from './platform/subgraph.ts';
import { start as startCommunity } from './subgraphs/community/server.ts';
import { start as startMembers } from './subgraphs/members/server.ts';
import { start as startPartners } from './subgraphs/partners/server.ts';
import { start as startRewardsCatalog } from './subgraphs/rewards-catalog/server.ts';
import { type Worker, start as startWorker } from './worker/server.ts';

const starters = {
  members: startMembers,
  partners: startPartners,
  'rewards-catalog': startRewardsCatalog,
  community: startCommunity,
  identity: startIdentity,
  worker: startWorker,
};

/** All parts that answer clients, in one process. */
export interface System {
  gateway: Gateway;
  subgraphs: Record<SubgraphName, Subgraph>;
  /** Null where another issuer is named: a second one would make tokens that nobody takes. */
  identity: Identity | null;
  /** Stops taking requests, finishes what is in flight, closes every pool. */
  drain(): Promise<void>;
}

/** What all parts of this process share. */
export function openPlatform(config: Config): Platform {
  const log = openLog(config.logLevel);
  return {
    log,
    clock: databaseClock,
    mail: openMail(config, log),
    texts: openTexts(config, log),
    metrics: openMetrics(),
  };
}

/**
 * Starts every part that answers clients in this process; the gateway calls the subgraphs without a
 * network. The worker is for whoever runs the system for long.
 */
export async function startSystem(
  config: Config,
  platform = openPlatform(config),
): Promise<System> {
  const [identity, ...started] = await Promise.all([
    config.embeddedIssuer ? startIdentity(config, platform) : null,
    ...subgraphNames.map((name) => starters[name](config, platform)),
  ]);
  const subgraphs = each((name) => started.find((subgraph) => subgraph.name === name)!);
  const gateway = await startGatewayPart(config, platform, {
    subgraphs: each((name) => localClient(subgraphs[name])),
    identity: identity
      ? localIdentity(identity.callback, createLocalJWKSet(identity.keys()))
      : otherIssuer(config),
    // In one process, a subgraph without its database will not be reached another way.
    isReady: async () => (await Promise.all(started.map((part) => part.isReady()))).every(Boolean),
  });
  return {
    gateway,
    subgraphs,
    identity,
    async drain() {
      await gateway.drain();
      await Promise.all([...(identity ? [identity] : []), ...started].map((part) => part.drain()));
    },
  };
}

/** One part that others reach over HTTP, or the worker. */
export function startPart(
  name: PartName,
  config: Config,
  platform: Platform,
): Promise<Subgraph | Identity | Worker> {
  return starters[name](config, platform);
}

/** The gateway alone: it meets the other parts over HTTP. */
export function startGateway(config: Config, platform: Platform): Promise<Gateway> {
  return startGatewayPart(config, platform, {
    subgraphs: each((name) => httpClient(name, config.urls[name], config)),
    identity: config.embeddedIssuer ? remoteIdentity(config) : otherIssuer(config),
  });
}

function each<T>(make: (name: SubgraphName) => T): Record<SubgraphName, T> {
  return Object.fromEntries(subgraphNames.map((name) => [name, make(name)])) as Record<
    SubgraphName,
    T
  >;
}
