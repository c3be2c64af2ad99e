import type { Context } from '../../../platform/context.ts';
import { listLoader, rowLoader } from '../../../platform/loaders.ts';
import { Activity } from './entities.ts';
import { type AskedActivities, activitiesOf } from './lists.ts';

export function activityLoaders({ db, viewer }: Context) {
  return {
    activity: rowLoader(db, Activity),

    partnerActivitiesOf: listLoader(
      (partnerIds, asked: AskedActivities) =>
        activitiesOf(db, 'partner_id', partnerIds, asked, viewer),
      ({ partnerId }) => partnerId,
    ),

    memberActivitiesOf: listLoader(
      (memberIds, asked: AskedActivities) =>
        activitiesOf(db, 'member_id', memberIds, asked, viewer),
      ({ memberId }) => memberId,
    ),
  };
}
