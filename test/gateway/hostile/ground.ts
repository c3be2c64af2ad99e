import type { Limits } from '../../../platform/limits.ts';
import { type RunningGateway, startWholeGateway } from '../../support/gateway.ts';
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
  const send = () => {
    hops++;
    return Promise.resolve({ status: 200, body: { data: {} } });
  };
  const gateway = await startWholeGateway(
    { keys, send },
    { limits: { anonymousRequestsPerMinute: 1_000_000, ...limits } },
  );
  return { ...gateway, hops: () => hops, issue };
}
