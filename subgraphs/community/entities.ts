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
