import { start } from '../../../gateway/server.ts';
import type { SubgraphClient } from '../../../gateway/subgraph-client.ts';
import { subgraphNames } from '../../../platform/config.ts';
import type { Limits } from '../../../platform/limits.ts';
import { type RunningGateway, gatewayConfig } from '../../support/gateway.ts';
import { testPlatform } from '../../support/subgraph.ts';
import { createIssuer } from '../../support/tokens.ts';

export interface HostileGround extends RunningGateway {
  /** Calls of subgraphs. */
  hops(): number;
  issue: Awaited<ReturnType<typeof createIssuer>>['issue'];
}

/** The gateway over the whole schema, with nothing behind it: whoever asks it wrongly never gets further. */
export async function openHostileGround(limits: Partial<Limits> = {}): Promise<HostileGround> {
  const { keys, issue } = await createIssuer();
  let hops = 0;
  const subgraph: SubgraphClient = {
    send() {
      hops++;
      return Promise.resolve({ status: 200, body: { data: {} } });
    },
    close: () => Promise.resolve(),
  };
  const gateway = await start(
    gatewayConfig({ anonymousRequestsPerMinute: 1_000_000, ...limits }),
    testPlatform(),
    {
      subgraphs: Object.fromEntries(subgraphNames.map((name) => [name, subgraph])) as never,
      identity: { keys, mount: () => Promise.resolve() },
    },
  );
  return { ...gateway, url: await gateway.listen(), hops: () => hops, issue };
}
