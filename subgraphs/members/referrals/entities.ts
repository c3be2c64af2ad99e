import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';
import { Program } from '../program/entities.ts';

/** What the program gives for new members whom others bring: one row. */
@Entity({ schema: 'members' })
@Check('referral_rules_referrer_points_ck', '"referrer_points" >= 0')
@Check('referral_rules_friend_points_ck', '"friend_points" >= 0')
export class ReferralRules {
  @ForeignKey(() => Program)
  @PrimaryColumn({ type: 'uuid' })
  programId!: string;
  @Column(pointsColumn) referrerPoints!: bigint;
  @Column(pointsColumn) friendPoints!: bigint;
  @Column({ type: 'integer' }) withinDays!: number;
  @Column({ type: 'integer' }) waitDays!: number;
  @Column({ type: 'integer' }) rewardsPerYear!: number;
  @Column({ type: 'integer' }) joinsPerDay!: number;
}

/** What a member gives to others to enrol with. */
@Entity({ schema: 'members' })
@Unique(['code'])
@Check('referral_code_code_ck', `"code" ~ '^[2-9A-HJ-NP-Z]{10}$'`)
export class ReferralCode {
  @ForeignKey(() => Member)
  @PrimaryColumn({ type: 'uuid' })
  memberId!: string;
  @Column({ type: 'text' }) code!: string;
  /** Enrolments that were begun with it, of whomever. */
  @Column({ type: 'integer', default: 0 }) invited!: number;
}

/** A new member whom another brought: one referrer for each. */
@Entity({ schema: 'members' })
@Unique(['friendId'])
@Index(['referrerId', 'joinedAt'])
@Index(['joinedAt'])
@Index('referral_open_ix', ['lookAt'], { where: `"status" = 'JOINED'` })
@Index('referral_mailbox_hash_uq', ['mailboxHash'], {
  unique: true,
  where: `"status" <> 'REFUSED'`,
})
@Check('referral_status_ck', `"status" IN ('JOINED', 'REWARDED', 'REFUSED', 'LAPSED')`)
@Check('referral_referrer_id_ck', '"referrer_id" <> "friend_id"')
@Check('referral_refused_for_ck', `("status" = 'REFUSED') = ("refused_for" IS NOT NULL)`)
@Check('referral_rewarded_at_ck', `("status" = 'REWARDED') = ("rewarded_at" IS NOT NULL)`)
@Check(
  'referral_points_ck',
  `"referrer_points" >= 0 AND "friend_points" >= 0
   AND ("status" = 'REWARDED' OR "referrer_points" + "friend_points" = 0)`,
)
export class Referral {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) referrerId!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) friendId!: string;
  /** SHA-256 of the friend's mailbox, however the address is written; null once forgotten. */
  @Column({ type: 'bytea', nullable: true }) mailboxHash!: Buffer | null;
  /** LAPSED: nothing was earned in time. */
  @Column({ type: 'text' }) status!: 'JOINED' | 'REWARDED' | 'REFUSED' | 'LAPSED';
  /** The code of the rule that caught it. */
  @Column({ type: 'text', nullable: true }) refusedFor!: 'SAME_PERSON' | 'TOO_MANY' | null;
  @Column(instantColumn) joinedAt!: Date;
  /** When it is looked at next, whether the friend has earned by then. */
  @Column(instantColumn) lookAt!: Date;
  @Column({ ...instantColumn, nullable: true }) rewardedAt!: Date | null;
  /** As they were posted; 0 where there was nothing to give, or no more this year. */
  @Column(pointsColumn) referrerPoints!: bigint;
  @Column(pointsColumn) friendPoints!: bigint;
}
