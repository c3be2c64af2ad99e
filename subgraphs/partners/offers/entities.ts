import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Activity } from '../activities/entities.ts';
import { Partner } from '../brands/entities.ts';
import type { EarnRule } from '../earning/rows.ts';
import type { FundingShare } from './rows.ts';

/** A campaign. Once it is published, all that ever changes is that it ends before its time. */
@Entity({ schema: 'partners' })
@Index(['partnerId', 'startsAt', 'id'])
@Index(['startsAt', 'id'])
@Index('offer_published_ix', ['partnerId', 'endsAt'], { where: '"published_at" IS NOT NULL' })
@Index('offer_ends_at_ix', ['endsAt'], { where: '"published_at" IS NOT NULL' })
// Those published of which others bear a share: TypeORM writes the condition in other words.
@Index('offer_joint_ix', { synchronize: false })
@Check('offer_ends_at_ck', '"ends_at" > "starts_at"')
@Check(
  'offer_ended_at_ck',
  '"ended_at" IS NULL OR ("ended_at" < "ends_at" AND "published_at" IS NOT NULL)',
)
@Check('offer_budget_ck', '"budget" > 0')
export class Offer {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  /** Counts what a draft has been: compiled rules are kept by it. */
  @Column({ type: 'integer' }) version!: number;
  /** Who wrote this version; null where nobody noted it. */
  @Column({ type: 'text', nullable: true }) changedBy!: string | null;
  @Column({ type: 'text' }) title!: string;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column(instantColumn) startsAt!: Date;
  /** The first instant that it is not for. */
  @Column(instantColumn) endsAt!: Date;
  @Column({ type: 'boolean' }) optIn!: boolean;
  /** Codes; empty for all. */
  @Column({ type: 'text', array: true }) tiers!: string[];
  @Column({ type: 'text', array: true }) segments!: string[];
  /** The most points to spend that it gives in all; null for no limit. */
  @Column({ ...pointsColumn, nullable: true }) budget!: bigint | null;
  /** Empty where the partner pays alone. */
  @Column({ type: 'jsonb' }) funding!: FundingShare[];
  @Column({ type: 'jsonb' }) rules!: EarnRule[];
  /** Null for a draft. */
  @Column({ ...instantColumn, nullable: true }) publishedAt!: Date | null;
  /** Where it was ended before its time. */
  @Column({ ...instantColumn, nullable: true }) endedAt!: Date | null;
}

/** What is left of a budget: the live one, and that of the sandbox, which has as much. */
@Entity({ schema: 'partners' })
@Check('offer_budget_spent_ck', '"spent" BETWEEN 0 AND "points"')
export class OfferBudget {
  @ForeignKey(() => Offer) @PrimaryColumn({ type: 'uuid' }) offerId!: string;
  @PrimaryColumn({ type: 'boolean' }) sandbox!: boolean;
  @Column(pointsColumn) points!: bigint;
  @Column(pointsColumn) spent!: bigint;
}

/** What an offer without a budget has given, less what was taken back: kept by triggers of its awards. */
@Entity({ schema: 'partners' })
@Check('offer_spent_slot_ck', '"slot" BETWEEN 0 AND 16')
export class OfferSpent {
  @ForeignKey(() => Offer) @PrimaryColumn({ type: 'uuid' }) offerId!: string;
  @PrimaryColumn({ type: 'boolean' }) sandbox!: boolean;
  /** Of the connection that counts: those who count at once do not wait for each other. */
  @PrimaryColumn({ type: 'smallint' }) slot!: number;
  @Column(pointsColumn) points!: bigint;
}

/** A member who has opted in. */
@Entity({ schema: 'partners' })
export class OfferActivation {
  @PrimaryColumn({ type: 'uuid' }) memberId!: string;
  @ForeignKey(() => Offer) @PrimaryColumn({ type: 'uuid' }) offerId!: string;
  /** The membership that did it: another one, where that was merged into the member's. */
  @PrimaryColumn({ type: 'uuid' }) activatedBy!: string;
  @Column(instantColumn) activatedAt!: Date;
}

/** What an offer gave for an activity, of points to spend: refunds and settlements go by it. */
@Entity({ schema: 'partners' })
@Index(['offerId'])
@Check('offer_award_points_ck', '"points" > 0')
@Check('offer_award_refunded_ck', '"refunded" BETWEEN 0 AND "points"')
export class OfferAward {
  @ForeignKey(() => Activity) @PrimaryColumn({ type: 'uuid' }) activityId!: string;
  @ForeignKey(() => Offer) @PrimaryColumn({ type: 'uuid' }) offerId!: string;
  @Column({ type: 'boolean' }) sandbox!: boolean;
  @Column(pointsColumn) points!: bigint;
  /** Of them, what was taken back. */
  @Column({ ...pointsColumn, default: 0 }) refunded!: bigint;
}
