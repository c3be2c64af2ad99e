import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { decimalColumn, instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Partner } from '../brands/entities.ts';
import { Offer } from '../offers/entities.ts';

const lineKinds = [
  'ISSUANCE',
  'ISSUANCE_REVERSAL',
  'REDEMPTION',
  'REDEMPTION_CANCELLATION',
  'FEE',
  'FUNDING_SHARE',
  'EXCHANGE',
  'ADJUSTMENT',
  'DISPUTE',
] as const;

type LineKind = (typeof lineKinds)[number];

/** A month that was closed. */
@Entity({ schema: 'partners' })
@Check('settlement_month_month_ck', 'extract(day FROM "month") = 1')
export class SettlementMonth {
  /** Its first day. */
  @PrimaryColumn({ type: 'date' }) month!: string;
  /** Where the next one begins, whatever becomes of the program's time zone. */
  @Column(instantColumn) endsAt!: Date;
  @Column(instantColumn) closedAt!: Date;
  /** What transactions before it posted was all to be seen; of later ones, some was. */
  @Column({ type: 'bigint' }) xact!: bigint;
}

/** What a partner and the coalition owe each other for a month. Only how it is paid ever changes. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'month', 'currency'])
@Index(['month'])
@Check('settlement_statement_digits_ck', '"digits" >= 0')
@Check('settlement_statement_status_ck', `"status" IN ('ISSUED', 'DISPUTED', 'PAID')`)
@Check('settlement_statement_paid_at_ck', `("paid_at" IS NULL) = ("status" <> 'PAID')`)
@Check(
  'settlement_statement_payment_reference_ck',
  '("payment_reference" IS NULL) = ("paid_at" IS NULL)',
)
export class SettlementStatement {
  /** Follows from partner, month and currency: a preview has the same. */
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @ForeignKey(() => SettlementMonth) @Column({ type: 'date' }) month!: string;
  @Column({ type: 'text' }) currency!: string;
  /** Decimals of the currency, to which its sums were rounded. */
  @Column({ type: 'smallint' }) digits!: number;
  /** OPEN is that of a preview, which no row has. */
  @Column({ type: 'text' }) status!: 'OPEN' | 'ISSUED' | 'DISPUTED' | 'PAID';
  @Column(instantColumn) issuedAt!: Date | null;
  @Column({ type: 'date' }) dueOn!: string | null;
  @Column({ ...instantColumn, nullable: true }) paidAt!: Date | null;
  @Column({ type: 'text', nullable: true }) paymentReference!: string | null;
}

/** A statement's lines of one kind and rate together. */
@Entity({ schema: 'partners' })
export class SettlementSum {
  @ForeignKey(() => SettlementStatement)
  @PrimaryColumn({ type: 'uuid' })
  statementId!: string;
  @PrimaryColumn({ type: 'text' }) kind!: LineKind;
  @PrimaryColumn(decimalColumn) rate!: string;
  @Column(pointsColumn) points!: bigint;
  /** As the lines add up: positive where the partner pays. */
  @Column(decimalColumn) exact!: string;
  /** Rounded. */
  @Column(decimalColumn) amount!: string;
}

/** One movement of points, or what follows from many. Written by the million, and never changed. */
@Entity({ schema: 'partners' })
@Unique(['movementId'])
@Check('settlement_line_number_ck', '"number" > 0')
@Check('settlement_line_kind_ck', `"kind" IN (${lineKinds.map((kind) => `'${kind}'`).join(', ')})`)
@Check('settlement_line_movement_id_ck', `("movement_id" IS NULL) = ("kind" = 'FEE')`)
export class SettlementLine {
  @PrimaryColumn({ type: 'uuid' }) statementId!: string;
  /** Counts the statement's lines from 1. */
  @PrimaryColumn({ type: 'integer' }) number!: number;
  @Column({ type: 'text' }) kind!: LineKind;
  /**
   * What is settled, once: a movement, by the MD5 of its member and its id; a charge; a share of a campaign,
   * by that of its statement, offer, contract and payer.
   */
  @Column({ type: 'uuid', nullable: true }) movementId!: string | null;
  @Column({ type: 'text' }) reference!: string;
  @Column(pointsColumn) points!: bigint;
  @Column(decimalColumn) rate!: string;
  /** Exact; positive where the partner pays. */
  @Column(decimalColumn) amount!: string;
  @Column({ type: 'integer' }) contractVersion!: number;
  @Column(instantColumn) occurredAt!: Date;
  @Column(instantColumn) postedAt!: Date;
}

/** What a partner is charged, or credited, beside what points moved: the next statement has it. */
@Entity({ schema: 'partners' })
@Index(['postedAt'])
@Check('settlement_charge_kind_ck', `"kind" IN ('ADJUSTMENT', 'FUNDING_SHARE', 'DISPUTE')`)
@Check('settlement_charge_points_ck', '"points" >= 0')
@Check('settlement_charge_rate_ck', '"rate" >= 0')
export class SettlementCharge {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'text' }) currency!: string;
  @Column({ type: 'text' }) kind!: 'ADJUSTMENT' | 'FUNDING_SHARE' | 'DISPUTE';
  @Column({ type: 'text' }) reference!: string;
  @Column(pointsColumn) points!: bigint;
  @Column(decimalColumn) rate!: string;
  /** Positive where the partner pays. */
  @Column(decimalColumn) amount!: string;
  @Column({ type: 'integer' }) contractVersion!: number;
  @Column(instantColumn) occurredAt!: Date;
  @Column(instantColumn) postedAt!: Date;
}

/** What a campaign that several pay for has cost its brand in a month, under one version of its contract. */
@Entity({ schema: 'partners' })
export class CampaignCost {
  @ForeignKey(() => Offer) @PrimaryColumn({ type: 'uuid' }) offerId!: string;
  @PrimaryColumn({ type: 'integer' }) contractVersion!: number;
  /** Whose statement has it. */
  @ForeignKey(() => SettlementMonth) @PrimaryColumn({ type: 'date' }) month!: string;
  /** Not rounded, and below zero where more was taken back than given. */
  @Column(decimalColumn) points!: string;
  @Column(decimalColumn) cost!: string;
}

/** What a partner disputes of a statement, and what was decided. */
@Entity({ schema: 'partners' })
@Check('settlement_dispute_line_ck', '"line" >= 0')
@Check(
  'settlement_dispute_resolved_at_ck',
  `("resolved_at" IS NULL) = ("upheld" IS NULL) AND ("upheld" IS NULL) = ("resolution" IS NULL)`,
)
export class SettlementDispute {
  @ForeignKey(() => SettlementStatement)
  @PrimaryColumn({ type: 'uuid' })
  statementId!: string;
  /** 0: all lines that have no dispute of their own. */
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column({ type: 'text' }) reason!: string;
  @Column(instantColumn) openedAt!: Date;
  @Column({ ...instantColumn, nullable: true }) resolvedAt!: Date | null;
  @Column({ type: 'boolean', nullable: true }) upheld!: boolean | null;
  @Column({ type: 'text', nullable: true }) resolution!: string | null;
}
