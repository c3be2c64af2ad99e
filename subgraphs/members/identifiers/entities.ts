import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/**
 * A phone or a card that finds a member, in one half of the world; or something that a member says is
 * theirs and has not proven yet. A proven account is a PartnerAccount.
 */
@Entity({ schema: 'members' })
@Index(['memberId', 'linkedAt'])
@Index(['kind', 'value', 'linkedAt'])
@Index(['expiresAt'], { where: '"expires_at" IS NOT NULL' })
@Index('identifier_sandbox_kind_value_uq', ['sandbox', 'kind', 'value'], {
  unique: true,
  where: '"verified_at" IS NOT NULL',
})
@Check('identifier_kind_ck', `"kind" IN ('PHONE', 'PARTNER_ACCOUNT', 'PAYMENT_CARD')`)
@Check('identifier_attempts_ck', '"attempts" BETWEEN 0 AND 5')
@Check('identifier_partner_id_ck', `("partner_id" IS NULL) = ("kind" = 'PHONE')`)
@Check('identifier_verified_at_ck', '("verified_at" IS NULL) = ("expires_at" IS NOT NULL)')
@Check('identifier_account_ck', `"verified_at" IS NULL OR "kind" <> 'PARTNER_ACCOUNT'`)
export class Identifier {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column({ type: 'boolean' }) sandbox!: boolean;
  @Column({ type: 'text' }) kind!: 'PHONE' | 'PARTNER_ACCOUNT' | 'PAYMENT_CARD';
  /** Whose account it is, or who vouches for the card. */
  @Column({ type: 'uuid', nullable: true }) partnerId!: string | null;
  /** A phone in E.164, an account's number, a card's token. */
  @Column({ type: 'text' }) value!: string;
  /** SHA-256 of the id and the code that a phone got. */
  @Column({ type: 'bytea', nullable: true }) codeHash!: Buffer | null;
  /** Codes and proofs tried, right or wrong. */
  @Column({ type: 'integer', default: 0 }) attempts!: number;
  @Column(instantColumn) linkedAt!: Date;
  /** Until when it can be proven; null once it is. */
  @Column({ ...instantColumn, nullable: true }) expiresAt!: Date | null;
  @Column({ ...instantColumn, nullable: true }) verifiedAt!: Date | null;
}

/** What signs wallet tokens: the newest does. */
@Entity({ schema: 'members' })
export class WalletKey {
  /** The beginning of the key's thumbprint: it stands in every token. */
  @PrimaryColumn({ type: 'text' }) kid!: string;
  /** The private key as a JWK, sealed. */
  @Column({ type: 'text' }) sealedJwk!: string;
  @Column({ ...instantColumn, default: () => 'now()' }) createdAt!: Date;
}

/** What a wallet shows at a till, once. */
@Entity({ schema: 'members' })
@Index(['memberId', 'createdAt'])
@Index(['expiresAt'])
@Index(['usedBy', 'memberId', 'usedAt'], { where: '"used_by" IS NOT NULL' })
@Check('wallet_token_used_ck', '("used_at" IS NULL) = ("used_by" IS NULL)')
export class WalletToken {
  /** SHA-256 of the token: who reads the table can show none. */
  @PrimaryColumn({ type: 'bytea' }) tokenHash!: Buffer;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column(instantColumn) createdAt!: Date;
  @Column(instantColumn) expiresAt!: Date;
  @Column({ ...instantColumn, nullable: true }) usedAt!: Date | null;
  /** The partner that it was shown to. */
  @Column({ type: 'uuid', nullable: true }) usedBy!: string | null;
}
