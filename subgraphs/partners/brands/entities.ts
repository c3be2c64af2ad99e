import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import type { PartnerDetails } from './rows.ts';

/** A brand that takes part. */
@Entity({ schema: 'partners' })
@Unique(['code'])
@Index(['name', 'id'])
@Check(
  'partner_kind_ck',
  `"kind" IN ('AIRLINE', 'HOTEL', 'CARD_ISSUER', 'RETAILER', 'MOBILITY', 'EMPLOYER', 'OTHER')`,
)
@Check('partner_status_ck', `"status" IN ('DRAFT', 'SANDBOX', 'LIVE', 'SUSPENDED', 'TERMINATED')`)
@Check('partner_brand_color_ck', `"brand_color" ~ '^#[0-9a-f]{6}$'`)
@Check('partner_details_ck', `"details" ->> 'kind' = "kind"`)
export class Partner {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** What files and signs call the brand. */
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' })
  kind!: 'AIRLINE' | 'HOTEL' | 'CARD_ISSUER' | 'RETAILER' | 'MOBILITY' | 'EMPLOYER' | 'OTHER';
  @Column({ type: 'text' }) status!: 'DRAFT' | 'SANDBOX' | 'LIVE' | 'SUSPENDED' | 'TERMINATED';
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column({ type: 'text', nullable: true }) website!: string | null;
  @Column({ type: 'text', nullable: true }) brandColor!: string | null;
  @Column({ type: 'text', nullable: true }) logoUrl!: string | null;
  /** Of its own kind; null until they are given. */
  @Column({ type: 'jsonb', nullable: true }) details!: PartnerDetails | null;
  @Column({ type: 'text' }) contactEmail!: string;
  /** When and why it was suspended last; kept when it is brought back. */
  @Column({ ...instantColumn, nullable: true }) suspendedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) suspendedBecause!: string | null;
  /** The day from which on it takes no part, and why; null while nobody has said so. */
  @Column({ type: 'date', nullable: true }) terminatesOn!: string | null;
  @Column({ type: 'text', nullable: true }) terminatedBecause!: string | null;
  /** Whether what it issues is counted: a version of its contract says how much that may be. */
  @Column({ type: 'boolean', default: false }) isLimited!: boolean;
  @Column(instantColumn) createdAt!: Date;
}
