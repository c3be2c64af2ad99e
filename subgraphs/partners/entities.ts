import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Scope } from '../../platform/contract.generated.ts';
import { decimalColumn, instantColumn, pointsColumn } from '../../platform/database.ts';
import { scopesOf } from '../../platform/scopes.ts';
import type { ClientKey, EarnLine, EarnRule, PartnerDetails } from './rows.ts';

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
  @Column(instantColumn) createdAt!: Date;
}

/** The price of points between a partner and the coalition: a version of it. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'version'])
@Index('contract_open_uq', ['partnerId'], { unique: true, where: '"valid_to" IS NULL' })
@Check('contract_issue_price_ck', '"issue_price" >= 0')
@Check('contract_redemption_rate_ck', '"redemption_rate" >= 0')
@Check('contract_backdate_days_ck', '"backdate_days" >= 0')
@Check('contract_valid_to_ck', '"valid_to" >= "valid_from"')
export class Contract {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  /** Counts the partner's contracts from 1. */
  @Column({ type: 'integer' }) version!: number;
  @Column({ type: 'date' }) validFrom!: string;
  /** The last day, set when the next version is signed: all that ever changes. */
  @Column({ type: 'date', nullable: true }) validTo!: string | null;
  @Column({ type: 'text' }) currency!: string;
  /** Whole units of the currency for each point issued. */
  @Column(decimalColumn) issuePrice!: string;
  /** Whole units of the currency for each point redeemed. */
  @Column(decimalColumn) redemptionRate!: string;
  /** How many days back an activity may be dated. */
  @Column({ type: 'integer' }) backdateDays!: number;
  @Column(instantColumn) signedAt!: Date;
}

/** A partner's earn rules as a whole: a draft until it is valid from an instant. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'version'])
@Index('rule_set_open_uq', ['partnerId'], {
  unique: true,
  where: '"valid_from" IS NOT NULL AND "valid_to" IS NULL',
})
@Check('rule_set_valid_to_ck', '"valid_to" > "valid_from"')
export class RuleSet {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  /** Counts the partner's rule sets, drafts too, from 1. */
  @Column({ type: 'integer' }) version!: number;
  /** Null for a draft. */
  @Column({ ...instantColumn, nullable: true }) validFrom!: Date | null;
  /** The first instant of the set that follows; null for the latest. */
  @Column({ ...instantColumn, nullable: true }) validTo!: Date | null;
  /** The token's subject that drafted it. */
  @Column({ type: 'text' }) createdBy!: string;
  @Column({ type: 'jsonb' }) rules!: EarnRule[];
}

/** What a partner's system signs in with. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'caller', 'idempotencyKey'])
@Check(
  'api_client_scopes_ck',
  `cardinality("scopes") > 0 AND "scopes" <@ ARRAY[${scopesOf('PARTNER')
    .map((scope) => `'${scope}'`)
    .join(', ')}]`,
)
@Check('api_client_keys_ck', '("keys" IS NULL) <> ("secret_hash" IS NULL)')
@Check('api_client_caller_ck', `"caller" IN ('PARTNER', 'ADMIN')`)
@Index('api_client_sealed_until_ix', ['sealedUntil'], { where: '"sealed_secret" IS NOT NULL' })
export class ApiClient {
  @PrimaryColumn({ type: 'text' }) clientId!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', array: true }) scopes!: Scope[];
  /** Meets members of the sandbox only. */
  @Column({ type: 'boolean' }) sandbox!: boolean;
  /** SHA-256 in hex: the secret has 256 random bits, so it needs no slow hash. Null with keys. */
  @Column({ type: 'text', nullable: true }) secretHash!: string | null;
  /** The public keys that its assertions are signed with; null with a secret. */
  @Column({ type: 'jsonb', nullable: true }) keys!: ClientKey[] | null;
  @Column(instantColumn) createdAt!: Date;
  @Column({ ...instantColumn, nullable: true }) lastUsedAt!: Date | null;
  @Column({ ...instantColumn, nullable: true }) revokedAt!: Date | null;
  /** Who created it: a key of staff must not give its secret to the partner's own clients. */
  @Column({ type: 'text' }) caller!: 'PARTNER' | 'ADMIN';
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  /** The secret for a repeated call, sealed; null once its time is over. */
  @Column({ type: 'text', nullable: true }) sealedSecret!: string | null;
  /** Null with keys. */
  @Column({ ...instantColumn, nullable: true }) sealedUntil!: Date | null;
}

/** Something a member did with a partner. Written once with its outcome. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'sandbox', 'reference'])
@Index(['partnerId', 'occurredAt', 'id'])
@Index(['memberId', 'occurredAt', 'id'])
@Check('activity_kind_ck', `"kind" IN ('PURCHASE')`)
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
  @Column({ type: 'text' }) kind!: 'PURCHASE';
  @Column({ type: 'text' }) status!: 'POSTED';
  /** What was paid, in whole units of the currency. */
  @Column(decimalColumn) amount!: string;
  @Column({ type: 'text' }) currency!: string;
  @Column(pointsColumn) points!: bigint;
  /** What counts for the member's tier. */
  @Column(pointsColumn) qualifyingPoints!: bigint;
  /** What the partner pays for each point, by the contract of the day. */
  @Column(decimalColumn) issuePrice!: string;
  @Column({ type: 'integer' }) contractVersion!: number;
  @Column({ type: 'integer' }) ruleSetVersion!: number;
  @Column({ type: 'jsonb' }) explanation!: EarnLine[];
  @Column(instantColumn) occurredAt!: Date;
  @Column(instantColumn) postedAt!: Date;
}
