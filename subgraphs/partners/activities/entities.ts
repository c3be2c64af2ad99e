import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';
import type { EarnLine } from '../earning/rows.ts';
import { ExchangeRate } from '../rates/entities.ts';
import type { ActivityKind } from './particulars.ts';
import type { BoughtItem, Particulars } from './rows.ts';

/** Something a member did with a partner. Written once with its outcome. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'sandbox', 'reference'])
// By partner, when and id, with what figures are made of: TypeORM knows no columns that an index only includes.
@Index('activity_of_partner_ix', { synchronize: false })
@Index(['memberId', 'occurredAt', 'id'])
// Of purchases, with their amounts.
@Index('activity_bought_ix', { synchronize: false })
// By BRIN: TypeORM knows no kind of an index.
@Index('activity_posted_at_ix', { synchronize: false })
@Check(
  'activity_kind_ck',
  `"kind" IN ('PURCHASE', 'FLIGHT', 'STAY', 'CARD_SPEND', 'RIDE', 'ENGAGEMENT', 'GRANT', 'OTHER')`,
)
@Check('activity_particulars_ck', `("particulars" IS NULL) = ("kind" IN ('PURCHASE', 'OTHER'))`)
@Check('activity_currency_ck', '("amount" IS NULL) = ("currency" IS NULL)')
@Check('activity_rule_set_version_ck', `("rule_set_version" IS NULL) = ("kind" = 'GRANT')`)
@Check('activity_status_ck', `"status" IN ('POSTED')`)
@Check('activity_amount_ck', '"amount" >= 0')
@Check('activity_issue_price_ck', '"issue_price" >= 0')
@Check('activity_points_ck', '"points" BETWEEN 0 AND 1000000000000')
@Check('activity_qualifying_points_ck', '"qualifying_points" BETWEEN 0 AND 1000000000000')
export class Activity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'uuid' }) memberId!: string;
  /** Whose account of the ledger has the points, where that membership was merged into the member's. */
  @Column({ type: 'uuid', nullable: true }) postedTo!: string | null;
  /** Recorded by a test client: live ones never see it. */
  @Column({ type: 'boolean' }) sandbox!: boolean;
  /** The partner's own number for it. */
  @Column({ type: 'text' }) reference!: string;
  /** Of the input, to tell a repetition from another activity. */
  @Column({ type: 'text' }) inputHash!: string;
  @Column({ type: 'text' }) kind!: ActivityKind;
  @Column({ type: 'text' }) status!: 'POSTED';
  /** What was paid, in whole units of the currency; null where nothing was, or nobody said. */
  @Column({ ...decimalColumn, nullable: true }) amount!: string | null;
  @Column({ type: 'text', nullable: true }) currency!: string | null;
  /** What made the amount one in the contract's currency; null where it was. */
  @ForeignKey(() => ExchangeRate)
  @Column({ type: 'uuid', nullable: true })
  exchangeRateId!: string | null;
  /** Parts of the amount, and what was taken off before it. */
  @Column({ ...decimalColumn, default: 0 }) tax!: string;
  @Column({ ...decimalColumn, default: 0 }) shipping!: string;
  @Column({ ...decimalColumn, default: 0 }) discount!: string;
  @Column({ ...decimalColumn, default: 0 }) pointsPaid!: string;
  /** Null where the partner does not say what was bought. */
  @Column({ type: 'jsonb', nullable: true }) items!: BoughtItem[] | null;
  /** Null for a kind that has nothing of its own. */
  @Column({ type: 'jsonb', nullable: true }) particulars!: Particulars | null;
  @Column(pointsColumn) points!: bigint;
  /** What counts for the member's tier. */
  @Column(pointsColumn) qualifyingPoints!: bigint;
  /** What the partner pays for each point, by the contract of the day. */
  @Column(decimalColumn) issuePrice!: string;
  @Column({ type: 'integer' }) contractVersion!: number;
  /** Null for a GRANT. */
  @Column({ type: 'integer', nullable: true }) ruleSetVersion!: number | null;
  @Column({ type: 'jsonb' }) explanation!: EarnLine[];
  @Column(instantColumn) occurredAt!: Date;
  @Column(instantColumn) postedAt!: Date;
  /** From when on its points can be spent; null where they could be at once. */
  @Column({ ...instantColumn, nullable: true }) expectedBy!: Date | null;
}
