import type { Preference } from './notifications.ts';
import type { Connection } from '../../../platform/paging.ts';
import type { Notification } from './entities.ts';

export type NotificationPreference = Preference;
export type NotificationConnection = Connection<Notification> & { memberId: string };
