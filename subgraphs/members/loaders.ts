import { readOnce } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { consentLoaders } from './consents/loaders.ts';
import { conversionLoaders } from './conversions/loaders.ts';
import { holdLoaders } from './holds/loaders.ts';
import { householdLoaders } from './households/loaders.ts';
import { identifierLoaders } from './identifiers/loaders.ts';
import { membershipLoaders } from './membership/loaders.ts';
import { notificationLoaders } from './notifications/loaders.ts';
import { pointsLoaders } from './points/loaders.ts';
import { privacyLoaders } from './privacy/loaders.ts';
import { programLoaders } from './program/loaders.ts';
import { referralLoaders } from './referrals/loaders.ts';
import { segmentLoaders } from './segments/loaders.ts';
import { staffLoaders } from './staff/loaders.ts';
import { tierLoaders } from './tiers/loaders.ts';
import { transferLoaders } from './transfers/loaders.ts';

/** What a resolver of this subgraph receives. */
export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

/** The look-ups of one request: a fixed number of statements, however long the list. */
export function createLoaders(given: Context) {
  const context = { ...given, clock: readOnce(given.clock) };
  return {
    ...consentLoaders(context),
    ...conversionLoaders(context),
    ...holdLoaders(context),
    ...householdLoaders(context),
    ...identifierLoaders(context),
    ...membershipLoaders(context),
    ...notificationLoaders(context),
    ...pointsLoaders(context),
    ...privacyLoaders(context),
    ...programLoaders(context),
    ...referralLoaders(context),
    ...segmentLoaders(context),
    ...staffLoaders(context),
    ...tierLoaders(context),
    ...transferLoaders(context),
  };
}
