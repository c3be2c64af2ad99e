import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../platform/database.ts';

/** What one member tells all others. */
@Entity({ schema: 'community' })
@Unique(['memberId', 'idempotencyKey'])
@Index(['createdAt', 'id'])
@Index(['kind', 'createdAt', 'id'])
@Index(['memberId', 'createdAt', 'id'])
@Index('post_topics_ix', ['topics'], { type: 'gin' })
@Check('post_kind_ck', `"kind" IN ('TIP', 'QUESTION', 'STORY')`)
@Check('post_about_ck', 'num_nonnulls("about_reward_id", "about_partner_id") <= 1')
export class Post {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** The author. */
  @Column({ type: 'uuid' }) memberId!: string;
  @Column({ type: 'text' }) kind!: 'TIP' | 'QUESTION' | 'STORY';
  @Column({ type: 'text' }) title!: string;
  @Column({ type: 'text' }) body!: string;
  /** Normalised, each once. */
  @Column({ type: 'text', array: true }) topics!: string[];
  @Column({ type: 'uuid', nullable: true }) aboutRewardId!: string | null;
  @Column({ type: 'uuid', nullable: true }) aboutPartnerId!: string | null;
  /** Chosen by the client, unique in the member. */
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  @Column(instantColumn) createdAt!: Date;
}

/** What one member thinks of a reward that they redeemed, or of a partner that they dealt with. */
@Entity({ schema: 'community' })
@Unique(['memberId', 'aboutRewardId'])
@Unique(['memberId', 'aboutPartnerId'])
@Index(['memberId', 'createdAt', 'id'])
@Index(['aboutRewardId', 'createdAt', 'id'])
@Index(['aboutPartnerId', 'createdAt', 'id'])
@Index(['aboutRewardId', 'rating'])
@Index(['aboutPartnerId', 'rating'])
@Check('review_rating_ck', '"rating" BETWEEN 1 AND 5')
@Check('review_about_ck', 'num_nonnulls("about_reward_id", "about_partner_id") = 1')
export class Review {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** The author. */
  @Column({ type: 'uuid' }) memberId!: string;
  @Column({ type: 'uuid', nullable: true }) aboutRewardId!: string | null;
  @Column({ type: 'uuid', nullable: true }) aboutPartnerId!: string | null;
  @Column({ type: 'smallint' }) rating!: number;
  @Column({ type: 'text', nullable: true }) title!: string | null;
  @Column({ type: 'text' }) body!: string;
  /** The author had redeemed the reward, or been active with the partner, when they wrote it. */
  @Column({ type: 'boolean' }) verified!: boolean;
  @Column(instantColumn) createdAt!: Date;
  /** When it was last replaced by another. */
  @Column({ ...instantColumn, nullable: true }) editedAt!: Date | null;
}
