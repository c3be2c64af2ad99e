import { orUserErrors } from '../../../platform/errors.ts';
import { newestConnection, readNewestPage } from '../../../platform/paging.ts';
import { requireMember } from '../../../platform/viewer.ts';
import type { SubgraphContext } from '../loaders.ts';
import type { Resolvers } from '../types.generated.ts';
import type { Notification } from './entities.ts';
import { followedNotifications } from './followed.ts';
import { markRead, updatePreferences } from './notifications.ts';
import { linkOf, wordsOf } from './words.ts';

/** The words of a notification, in its member's language. */
async function inWords(notification: Notification, { loaders }: SubgraphContext) {
  const member = await loaders.member.load(notification.memberId);
  return wordsOf(notification, member!.locale);
}

export const resolvers: Resolvers = {
  Mutation: {
    markNotificationsRead: (_, reading, { db, viewer, clock }) =>
      orUserErrors('member', () =>
        markRead(db, reading, { memberId: requireMember(viewer), clock }),
      ),
    updateNotificationPreferences: (_, wishes, { db, viewer }) =>
      orUserErrors('member', () =>
        updatePreferences(db, wishes, { memberId: requireMember(viewer) }),
      ),
  },

  Subscription: {
    notificationReceived: {
      subscribe: (_, __, { viewer, follow }) =>
        follow(followedNotifications, requireMember(viewer)),
      resolve: (notification: Notification) => notification,
    },
  },

  Member: {
    notifications: async ({ id }, { unreadOnly, ...asked }, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      const read = await loaders.notificationsOf(id, { page, unreadOnly: unreadOnly ?? false });
      return { ...newestConnection(read, page), memberId: id };
    },
    notificationPreferences: ({ id }, _, { loaders }) => loaders.preferencesOf.load(id),
  },

  NotificationConnection: {
    unread: ({ memberId }, _, { loaders }) => loaders.unreadOf.load(memberId),
  },

  Notification: {
    __resolveReference: ({ id }, { loaders }) => loaders.notification.load(id),
    title: async (notification, _, context) => (await inWords(notification, context)).title,
    body: async (notification, _, context) => (await inWords(notification, context)).body,
    link: linkOf,
  },
};
