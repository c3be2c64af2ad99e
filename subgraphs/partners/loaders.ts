import type { Context } from '../../platform/context.ts';
import { activityLoaders } from './activities/loaders.ts';
import { brandLoaders } from './brands/loaders.ts';
import { claimLoaders } from './claims/loaders.ts';
import { clientLoaders } from './clients/loaders.ts';
import { contractLoaders } from './contracts/loaders.ts';
import { creditLoaders } from './credit/loaders.ts';
import { earningLoaders } from './earning/loaders.ts';
import { importLoaders } from './imports/loaders.ts';
import { momentOf } from './moment.ts';
import { offerLoaders } from './offers/loaders.ts';
import { performanceLoaders } from './performance/loaders.ts';
import { rateLoaders } from './rates/loaders.ts';
import { settlementLoaders } from './settlement/loaders.ts';
import { webhookLoaders } from './webhooks/loaders.ts';

/** What a resolver of this subgraph receives. */
export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

/** The look-ups of one request: a fixed number of statements, however long the list. */
export function createLoaders(context: Context) {
  const now = momentOf(context);
  return {
    now,
    ...activityLoaders(context),
    ...brandLoaders(context, now),
    ...claimLoaders(context),
    ...clientLoaders(context),
    ...contractLoaders(context),
    ...creditLoaders(context),
    ...earningLoaders(context, now),
    ...importLoaders(context),
    ...offerLoaders(context, now),
    ...performanceLoaders(context, now),
    ...rateLoaders(context),
    ...settlementLoaders(context, now),
    ...webhookLoaders(context),
  };
}
