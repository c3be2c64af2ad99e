import { joinAccess } from '../../platform/rooms.ts';
import { access as adjustments } from './adjustments/access.ts';
import { access as audit } from './audit/access.ts';
import { access as conversions } from './conversions/access.ts';
import { access as holds } from './holds/access.ts';
import { access as households } from './households/access.ts';
import { access as membership } from './membership/access.ts';
import { access as notifications } from './notifications/access.ts';
import { access as points } from './points/access.ts';
import { access as privacy } from './privacy/access.ts';
import { access as program } from './program/access.ts';
import { access as referrals } from './referrals/access.ts';
import { access as risk } from './risk/access.ts';

/** Whose the rows are. */
export const access = joinAccess([
  adjustments,
  audit,
  conversions,
  holds,
  households,
  membership,
  notifications,
  points,
  privacy,
  program,
  referrals,
  risk,
]);
