import { joinAccess } from '../../platform/rooms.ts';
import { access as activities } from './activities/access.ts';
import { access as brands } from './brands/access.ts';
import { access as claims } from './claims/access.ts';
import { access as clients } from './clients/access.ts';
import { access as contracts } from './contracts/access.ts';
import { access as earning } from './earning/access.ts';
import { access as imports } from './imports/access.ts';
import { access as offers } from './offers/access.ts';
import { access as performance } from './performance/access.ts';
import { access as replays } from './replays/access.ts';
import { access as settlement } from './settlement/access.ts';
import { access as webhooks } from './webhooks/access.ts';

/** Whose the rows are. */
export const access = joinAccess([
  activities,
  brands,
  claims,
  clients,
  contracts,
  earning,
  imports,
  offers,
  performance,
  replays,
  settlement,
  webhooks,
]);
