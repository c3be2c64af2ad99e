import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';

/** Who takes part. */
@Entity({ schema: 'members' })
@Unique(['memberNumber'])
@Unique(['emailKey'])
@Index(['joinedAt', 'id'])
@Check('member_member_number_ck', `"member_number" ~ '^[0-9]{16}$'`)
@Check('member_phone_ck', `"phone" ~ '^\\+[1-9][0-9]{1,14}$'`)
@Index('member_merged_into_ix', ['mergedInto'], { where: '"merged_into" IS NOT NULL' })
@Check('member_merged_into_ck', `"merged_into" IS NULL OR "status" = 'CLOSED'`)
@Check('member_status_ck', `"status" IN ('PROVISIONAL', 'ACTIVE', 'SUSPENDED', 'CLOSED')`)
@Check(
  'member_email_ck',
  `("email" IS NULL) = ("email_key" IS NULL) AND ("email" IS NOT NULL OR "status" <> 'ACTIVE')`,
)
export class Member {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** 16 digits, the last by Luhn. */
  @Column({ type: 'text' }) memberNumber!: string;
  @Column({ type: 'text' }) status!: 'PROVISIONAL' | 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
  /** For partners' test clients to meet; live ones never do. */
  @Column({ type: 'boolean', default: false }) sandbox!: boolean;
  /** The name that other members see. */
  @Column({ type: 'text' }) displayName!: string;
  /** As the member wrote it; null while only a partner's account is known of them. */
  @Column({ type: 'text', nullable: true }) email!: string | null;
  /** The address as it is compared: one membership for each. */
  @Column({ type: 'text', nullable: true }) emailKey!: string | null;
  @Column({ ...instantColumn, nullable: true }) emailVerifiedAt!: Date | null;
  /** As the member told it, E.164. Nobody is found by it: that takes an identifier. */
  @Column({ type: 'text', nullable: true }) phone!: string | null;
  @Column({ type: 'text', nullable: true }) givenName!: string | null;
  @Column({ type: 'text', nullable: true }) familyName!: string | null;
  @Column({ type: 'date', nullable: true }) birthday!: string | null;
  /** BCP 47. */
  @Column({ type: 'text' }) locale!: string;
  @Column({ type: 'boolean' }) marketingOptIn!: boolean;
  /** Other members see the tier. */
  @Column({ type: 'boolean', default: true }) showLevel!: boolean;
  /** Which membership it has become part of: everything that leads to it leads there. */
  @ForeignKey(() => Member)
  @Column({ type: 'uuid', nullable: true })
  mergedInto!: string | null;
  @Column(instantColumn) joinedAt!: Date;
  /** Sign-ins that began before are over for good. A trigger sets it with status and address. */
  @Column({ ...instantColumn, nullable: true }) signedOutBefore!: Date | null;
}

/** The number under which a partner knows a member, in one half of the world. */
@Entity({ schema: 'members' })
@Index(['memberId', 'partnerId'])
@Unique(['id'])
export class PartnerAccount {
  /** For clients; the key is what the partner says. */
  @Column({ type: 'uuid' }) id!: string;
  @PrimaryColumn({ type: 'uuid' }) partnerId!: string;
  @PrimaryColumn({ type: 'boolean' }) sandbox!: boolean;
  @PrimaryColumn({ type: 'text' }) account!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column(instantColumn) linkedAt!: Date;
}

/** An enrolment, or a change of address, that waits for the code from its e-mail. */
@Entity({ schema: 'members' })
@Index(['emailKey', 'createdAt'])
@Index(['changesMemberId', 'createdAt'])
@Index(['expiresAt'])
@Check('verification_attempts_ck', '"attempts" BETWEEN 0 AND 5')
@Check('verification_used_ck', '("member_id" IS NULL) = ("used_at" IS NULL)')
export class Verification {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) email!: string;
  @Column({ type: 'text' }) emailKey!: string;
  /** SHA-256 of the id and the code; null where no code was sent, so that none will do. */
  @Column({ type: 'bytea', nullable: true }) codeHash!: Buffer | null;
  @Column({ type: 'boolean' }) mailed!: boolean;
  /** Null: the member gets one that says nothing. */
  @Column({ type: 'text', nullable: true }) displayName!: string | null;
  @Column({ type: 'text' }) locale!: string;
  @Column({ type: 'boolean' }) marketingOptIn!: boolean;
  @Column(instantColumn) createdAt!: Date;
  @Column(instantColumn) expiresAt!: Date;
  /** Codes tried, right or wrong. */
  @Column({ type: 'integer', default: 0 }) attempts!: number;
  /** Whose address it changes; null where it ends an enrolment. */
  @ForeignKey(() => Member)
  @Column({ type: 'uuid', nullable: true })
  changesMemberId!: string | null;
  /** Who brings the new member. */
  @ForeignKey(() => Member)
  @Column({ type: 'uuid', nullable: true })
  referrerId!: string | null;
  /** Whom it made, found or changed. */
  @ForeignKey(() => Member)
  @Column({ type: 'uuid', nullable: true })
  memberId!: string | null;
  @Column({ ...instantColumn, nullable: true }) usedAt!: Date | null;
}
