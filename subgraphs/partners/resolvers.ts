import { joinResolvers } from '../../platform/rooms.ts';
import { resolvers as activities } from './activities/resolvers.ts';
import { resolvers as brands } from './brands/resolvers.ts';
import { resolvers as claims } from './claims/resolvers.ts';
import { resolvers as clients } from './clients/resolvers.ts';
import { resolvers as contracts } from './contracts/resolvers.ts';
import { resolvers as credit } from './credit/resolvers.ts';
import { resolvers as earning } from './earning/resolvers.ts';
import { resolvers as imports } from './imports/resolvers.ts';
import { resolvers as offers } from './offers/resolvers.ts';
import { resolvers as performance } from './performance/resolvers.ts';
import { resolvers as rates } from './rates/resolvers.ts';
import { resolvers as refunds } from './refunds/resolvers.ts';
import { resolvers as replays } from './replays/resolvers.ts';
import { resolvers as seals } from './seals/resolvers.ts';
import { resolvers as settlement } from './settlement/resolvers.ts';
import { resolvers as webhooks } from './webhooks/resolvers.ts';
import type { Resolvers } from './types.generated.ts';

export const resolvers = joinResolvers<Resolvers>([
  activities,
  brands,
  claims,
  clients,
  contracts,
  credit,
  earning,
  imports,
  offers,
  performance,
  rates,
  refunds,
  replays,
  seals,
  settlement,
  webhooks,
]);
