import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';
import type { Counted, EarnLine } from '../earning/rows.ts';
import { ExchangeRate } from '../rates/entities.ts';
import type { ActivityKind } from './particulars.ts';
import type { BoughtItem, Particulars } from './rows.ts';

/** Something a member did with a partner. Written once with its outcome; refunds are counted beside it. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'sandbox', 'reference'])
// By partner, when and id, with what figures are made of: TypeORM knows no columns that an index only includes.
@Index('activity_of_partner_ix', { synchronize: false })
@Index(['memberId', 'occurredAt', 'id'])
// Of purchases, with their amounts.
@Index('activity_bought_ix', { synchronize: false })
// By BRIN: TypeORM knows no kind of an index.
@Index('activity_posted_at_ix', { synchronize: false })
@Index('activity_partly_refunded_ix', ['currency', 'occurredAt'], {
  where: `"status" = 'PARTLY_REFUNDED'`,
})
// Not confirmed yet, and those that were not in time.
@Index('activity_waiting_ix', ['confirmBy', 'id'], {
  where: `"confirm_by" IS NOT NULL AND "confirmed_at" IS NULL AND "lapsed_at" IS NULL AND "status" <> 'REFUNDED'`,
})
@Index('activity_lapsed_ix', ['partnerId', 'lapsedAt'], { where: '"lapsed_points" > 0' })
@Check(
  'activity_kind_ck',
  `"kind" IN ('PURCHASE', 'FLIGHT', 'STAY', 'CARD_SPEND', 'RIDE', 'ENGAGEMENT', 'GRANT', 'OTHER')`,
)
@Check('activity_particulars_ck', `("particulars" IS NULL) = ("kind" IN ('PURCHASE', 'OTHER'))`)
@Check('activity_currency_ck', '("amount" IS NULL) = ("currency" IS NULL)')
@Check('activity_rule_set_version_ck', `("rule_set_version" IS NULL) = ("kind" = 'GRANT')`)
@Check('activity_status_ck', `"status" IN ('POSTED', 'PARTLY_REFUNDED', 'REFUNDED')`)
@Check('activity_amount_ck', '"amount" >= 0')
@Check('activity_issue_price_ck', '"issue_price" >= 0')
@Check('activity_points_ck', '"points" BETWEEN 0 AND 1000000000000')
@Check('activity_qualifying_points_ck', '"qualifying_points" BETWEEN 0 AND 1000000000000')
@Check('activity_refunded_amount_ck', '"refunded_amount" >= 0 AND "refunded_amount" <= "amount"')
@Check('activity_reversed_points_ck', '"reversed_points" >= 0 AND "reversed_points" <= "points"')
@Check(
  'activity_reversed_qualifying_ck',
  '"reversed_qualifying" >= 0 AND "reversed_qualifying" <= "qualifying_points"',
)
@Check('activity_confirmed_at_ck', '"confirmed_at" IS NULL OR "confirm_by" IS NOT NULL')
@Check(
  'activity_lapsed_at_ck',
  '"lapsed_at" IS NULL OR "confirm_by" IS NOT NULL AND "confirmed_at" IS NULL',
)
@Check(
  'activity_lapsed_points_ck',
  '"lapsed_points" BETWEEN 0 AND "points" - "reversed_points" AND ("lapsed_points" = 0 OR "lapsed_at" IS NOT NULL)',
)
@Check('activity_own_currency_ck', '("own_currency" IS NULL) = ("own_points" = 0)')
@Check('activity_own_points_ck', '"own_points" BETWEEN 0 AND 1000000000000')
@Check('activity_own_reversed_ck', '"own_reversed" BETWEEN 0 AND "own_points"')
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
  /** Refunded once nothing of it is left. What waits is read from the instants below. */
  @Column({ type: 'text' }) status!: 'POSTED' | 'PARTLY_REFUNDED' | 'REFUNDED';
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
  /** What it earned, before refunds. */
  @Column(pointsColumn) points!: bigint;
  /** What counts for the member's tier, before refunds. */
  @Column(pointsColumn) qualifyingPoints!: bigint;
  /** The partner's own currency, where it earned points of it, too; null where it did not. */
  @Column({ type: 'text', nullable: true }) ownCurrency!: string | null;
  /** What it earned of that, before refunds, and what of it was taken back. */
  @Column({ ...pointsColumn, default: 0 }) ownPoints!: bigint;
  @Column({ ...pointsColumn, default: 0 }) ownReversed!: bigint;
  /** What of it was returned: of the amount, of the points, and of those for the tier. */
  @Column({ ...decimalColumn, default: 0 }) refundedAmount!: string;
  @Column({ ...pointsColumn, default: 0 }) reversedPoints!: bigint;
  @Column({ ...pointsColumn, default: 0 }) reversedQualifying!: bigint;
  /** What of it counts against caps, and the stamps that it gave; null for nothing. */
  @Column({ type: 'jsonb', nullable: true }) counted!: Counted | null;
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
  /** Until when the partner may confirm it; null where its points wait for no confirmation. */
  @Column({ ...instantColumn, nullable: true }) confirmBy!: Date | null;
  @Column({ ...instantColumn, nullable: true }) confirmedAt!: Date | null;
  /** When the ledger took its points back, since it was not confirmed in time; null until that is settled. */
  @Column({ ...instantColumn, nullable: true }) lapsedAt!: Date | null;
  /** What it took back then. */
  @Column({ ...pointsColumn, default: 0 }) lapsedPoints!: bigint;
}
