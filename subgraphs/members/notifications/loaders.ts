import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import { listLoader, rowLoader, rowsLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import { Notification } from './entities.ts';
import { notificationsOf, preferencesOf, unreadOf } from './notifications.ts';

export function notificationLoaders({ db }: Context) {
  return {
    notification: rowLoader(db, Notification),

    notificationsOf: listLoader(
      (memberIds, asked: { page: Page; unreadOnly: boolean }) =>
        notificationsOf(db, memberIds, asked),
      ({ memberId }) => memberId,
    ),

    /** How many a member has not read. */
    unreadOf: new DataLoader<string, number>((memberIds) => unreadOf(db, memberIds)),

    preferencesOf: rowsLoader(
      (memberIds) => preferencesOf(db, memberIds),
      ({ memberId }) => memberId,
    ),
  };
}
