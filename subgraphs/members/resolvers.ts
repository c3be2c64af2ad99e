import { joinResolvers } from '../../platform/rooms.ts';
import { resolvers as adjustments } from './adjustments/resolvers.ts';
import { resolvers as audit } from './audit/resolvers.ts';
import { resolvers as consents } from './consents/resolvers.ts';
import { resolvers as conversions } from './conversions/resolvers.ts';
import { resolvers as holds } from './holds/resolvers.ts';
import { resolvers as households } from './households/resolvers.ts';
import { resolvers as identifiers } from './identifiers/resolvers.ts';
import { resolvers as membership } from './membership/resolvers.ts';
import { resolvers as merging } from './merging/resolvers.ts';
import { resolvers as notifications } from './notifications/resolvers.ts';
import { resolvers as points } from './points/resolvers.ts';
import { resolvers as privacy } from './privacy/resolvers.ts';
import { resolvers as program } from './program/resolvers.ts';
import { resolvers as referrals } from './referrals/resolvers.ts';
import { resolvers as reports } from './reports/resolvers.ts';
import { resolvers as risk } from './risk/resolvers.ts';
import { resolvers as segments } from './segments/resolvers.ts';
import { resolvers as staff } from './staff/resolvers.ts';
import { resolvers as tiers } from './tiers/resolvers.ts';
import { resolvers as transfers } from './transfers/resolvers.ts';
import type { Resolvers } from './types.generated.ts';

export const resolvers = joinResolvers<Resolvers>([
  adjustments,
  audit,
  consents,
  conversions,
  holds,
  households,
  identifiers,
  membership,
  merging,
  notifications,
  points,
  privacy,
  program,
  referrals,
  reports,
  risk,
  segments,
  staff,
  tiers,
  transfers,
]);
