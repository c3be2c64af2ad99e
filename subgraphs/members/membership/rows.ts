import type { Viewer as Caller } from '../../../platform/viewer.ts';
import type { Member } from './entities.ts';

export type MemberProfile = Member & { email: string };
export type Viewer = Caller;
