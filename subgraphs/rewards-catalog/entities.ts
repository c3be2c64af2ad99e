import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../platform/database.ts';
import { type RewardKind, rewardKinds } from './kinds.ts';

/** Something that a member can obtain for points. */
@Entity({ schema: 'rewards' })
@Unique(['partnerId', 'sku'])
@Index(['createdAt', 'id'])
@Index(['partnerId', 'createdAt', 'id'])
@Index(['points', 'id'])
@Index('reward_categories_ix', ['categories'], { type: 'gin' })
@Check('reward_kind_ck', `"kind" IN (${rewardKinds.map((kind) => `'${kind}'`).join(', ')})`)
@Check('reward_status_ck', `"status" IN ('DRAFT', 'PUBLISHED')`)
@Check('reward_stock_ck', '"stock" >= 0')
@Check(
  'reward_face_value_ck',
  '("face_value" IS NULL) = ("face_currency" IS NULL) AND "face_value" >= 0',
)
export class Reward {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) partnerId!: string;
  /** The partner's own code for it. */
  @Column({ type: 'text' }) sku!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column({ type: 'text', nullable: true }) imageUrl!: string | null;
  @Column({ type: 'text' }) kind!: RewardKind;
  /** Normalised, each once. */
  @Column({ type: 'text', array: true }) categories!: string[];
  @Column({ type: 'text' }) status!: 'DRAFT' | 'PUBLISHED';
  /** Of its first price: what lists go by. */
  @Column(pointsColumn) points!: bigint;
  /** Units that can still be redeemed; null means unlimited. */
  @Column({ type: 'integer', nullable: true }) stock!: number | null;
  /** What the partner is paid for one unit, whatever its points; null where it is paid by the point. */
  @Column({ ...decimalColumn, nullable: true }) faceValue!: string | null;
  @Column({ type: 'text', nullable: true }) faceCurrency!: string | null;
  @Column(instantColumn) createdAt!: Date;
}

/** A way to pay for one unit of a reward. */
@Entity({ schema: 'rewards' })
@Unique(['rewardId', 'position'])
@Check('reward_price_position_ck', '"position" >= 0')
@Check('reward_price_points_ck', '"points" BETWEEN 1 AND 1000000000000')
export class RewardPrice {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Reward) @Column({ type: 'uuid' }) rewardId!: string;
  /** Its place among the reward's prices, from 0. */
  @Column({ type: 'smallint' }) position!: number;
  @Column(pointsColumn) points!: bigint;
}

/** Units of one reward that one member obtained. */
@Entity({ schema: 'rewards' })
@Unique(['number'])
@Unique(['memberId', 'idempotencyKey'])
@Index(['memberId', 'createdAt', 'id'])
@Check('redemption_quantity_ck', '"quantity" > 0')
@Check('redemption_points_ck', '"points" BETWEEN 1 AND 1000000000000')
@Check('redemption_status_ck', `"status" IN ('CONFIRMED', 'CANCELLED')`)
@Check('redemption_cancelled_ck', `("cancelled_at" IS NOT NULL) = ("status" = 'CANCELLED')`)
export class Redemption {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** What people say and type instead of the id. */
  @Column({ type: 'text' }) number!: string;
  @Column({ type: 'uuid' }) memberId!: string;
  /** Whose account of the ledger has the points, where that membership was merged into the member's. */
  @Column({ type: 'uuid', nullable: true }) postedTo!: string | null;
  /** The reward's partner, whose the redemption is as well. */
  @Column({ type: 'uuid' }) partnerId!: string;
  @ForeignKey(() => Reward) @Column({ type: 'uuid' }) rewardId!: string;
  @Column({ type: 'integer' }) quantity!: number;
  /** What the partner is paid for all units, as the reward said when it was redeemed. */
  @Column({ ...decimalColumn, nullable: true }) faceValue!: string | null;
  @Column({ type: 'text', nullable: true }) faceCurrency!: string | null;
  /** What was paid for all units, by the household too; fixed at the time of redemption. */
  @Column(pointsColumn) points!: bigint;
  @Column({ type: 'text' }) status!: 'CONFIRMED' | 'CANCELLED';
  /** Chosen by the client, unique in the member. */
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  @Column(instantColumn) createdAt!: Date;
  /** Until when the member may cancel it; null where a code was shown. */
  @Column({ ...instantColumn, nullable: true }) cancellableUntil!: Date | null;
  @Column({ ...instantColumn, nullable: true }) cancelledAt!: Date | null;
  /** Why it was cancelled, where that was said. */
  @Column({ type: 'text', nullable: true }) endedBecause!: string | null;
}

/** What another member of the household paid of a redemption. The rest its own member paid. */
@Entity({ schema: 'rewards' })
@Index(['memberId'])
@Check('household_share_points_ck', '"points" > 0')
export class HouseholdShare {
  @ForeignKey(() => Redemption)
  @PrimaryColumn({ type: 'uuid' })
  redemptionId!: string;
  @PrimaryColumn({ type: 'uuid' }) memberId!: string;
  /** In which they were at the time. */
  @Column({ type: 'uuid' }) householdId!: string;
  @Column(pointsColumn) points!: bigint;
}

/** A code that stands for one unit of a redemption. */
@Entity({ schema: 'rewards' })
@Unique(['codeHash'])
@Check('voucher_position_ck', '"position" >= 0')
@Check('voucher_status_ck', `"status" IN ('ISSUED', 'VOID')`)
export class Voucher {
  @ForeignKey(() => Redemption)
  @PrimaryColumn({ type: 'uuid' })
  redemptionId!: string;
  /** Its place among the redemption's, from 0. */
  @PrimaryColumn({ type: 'smallint' }) position!: number;
  /** SHA-256 in hex of the code without its hyphens. */
  @Column({ type: 'text' }) codeHash!: string;
  /** The code as it is shown, sealed with the system's key. */
  @Column({ type: 'text' }) sealedCode!: string;
  @Column({ type: 'text' }) status!: 'ISSUED' | 'VOID';
}
