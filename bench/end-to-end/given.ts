import type { Config } from '../../platform/config.ts';

/** Tells the stock stack who asks, as JSON: nobody checks a token there, or a signature. */
export const viewerHeader = 'coalition-viewer';

/** A busy machine shows in the figures; it ends no request. */
export function patient(config: Config): Config {
  const waitMs = 60_000;
  const times = {
    operationMs: waitMs,
    subgraphCallMs: waitMs,
    statementMs: waitMs,
    poolWaitMs: waitMs,
  };
  return { ...config, limits: { ...config.limits, ...times } };
}
