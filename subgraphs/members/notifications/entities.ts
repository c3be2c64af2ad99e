import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';
import type { channels, kinds } from './kinds.ts';

/** Something that a member is told, once. Its words are made when it is read, in the reader's language. */
@Entity({ schema: 'members', name: 'notification' })
@Unique(['memberId', 'once'])
@Index(['memberId', 'createdAt', 'id'], { where: '"in_app"' })
@Index('notification_unread_ix', ['memberId'], { where: '"in_app" AND "read_at" IS NULL' })
@Index(['mailPriority', 'mailDueAt'], { where: '"mail_due_at" IS NOT NULL' })
export class Notification {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column({ type: 'text' }) kind!: (typeof kinds)[number];
  /** Names its words: the type of an event, or what the calendar brought. */
  @Column({ type: 'text' }) template!: string;
  /** What the words are about: ids, days, figures. */
  @Column({ type: 'jsonb' }) args!: Record<string, string>;
  /** What it tells of: nobody is told twice. */
  @Column({ type: 'text' }) once!: string;
  @Column({ type: 'boolean' }) inApp!: boolean;
  @Column(instantColumn) createdAt!: Date;
  @Column({ ...instantColumn, nullable: true }) readAt!: Date | null;
  /** Null where nothing is to be sent, or somebody is sending it. */
  @Column({ ...instantColumn, nullable: true }) mailDueAt!: Date | null;
  @Column({ type: 'integer', default: 0 }) mailTries!: number;
  /** Lower goes out first: what concerns safety is 0. */
  @Column({ type: 'smallint', default: 1 }) mailPriority!: number;
}

/** By which ways a member wants to hear of something; of a kind without a row, by the usual ones. */
@Entity({ schema: 'members', name: 'notification_preference' })
@Check('notification_preference_channels_ck', `"channels" <@ ARRAY['IN_APP', 'EMAIL']`)
export class StoredPreference {
  @ForeignKey(() => Member)
  @PrimaryColumn({ type: 'uuid' })
  memberId!: string;
  @PrimaryColumn({ type: 'text' }) kind!: (typeof kinds)[number];
  @Column({ type: 'text', array: true }) channels!: (typeof channels)[number][];
}

/** How far a day's round over all members has come, in which they are told what the calendar brings. */
@Entity({ schema: 'members', name: 'notice_round' })
export class NoticeRound {
  /** In the program's time zone. */
  @PrimaryColumn({ type: 'date' }) day!: string;
  /** The last member who was looked at. */
  @Column({ type: 'uuid' }) after!: string;
  @Column({ type: 'boolean' }) ended!: boolean;
}
