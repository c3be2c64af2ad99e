import type { Logger } from 'pino';
import type { Config, SubgraphName } from '../../platform/config.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Admission } from '../admission.ts';
import type { ReadCaller } from '../callers.ts';
import type { Asking, GatewayContext } from '../context.ts';
import type { TrustedDocuments } from '../documents/trusted.ts';
import type { Executor } from '../executor.ts';
import type { SubgraphClient } from '../subgraph-client.ts';

/** What streams need of the gateway. */
export interface StreamFront {
  config: Config;
  log: Logger;
  executor: Executor;
  admission: Admission;
  trusted: TrustedDocuments;
  clients: Readonly<Record<SubgraphName, SubgraphClient>>;
  /** Reads a token, and counts a request. */
  readCaller: ReadCaller;
  contextOf: (viewer: Viewer, asking: Asking) => GatewayContext;
}
