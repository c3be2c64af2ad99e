import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn, pointsColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** Members who spend together: a family, or a business and its people. */
@Entity({ schema: 'members' })
@Check('household_kind_ck', `"kind" IN ('FAMILY', 'BUSINESS')`)
export class Household {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) kind!: 'FAMILY' | 'BUSINESS';
  @Column({ type: 'text' }) name!: string;
  /** One of its members; the last one where it has ended. */
  @Index()
  @ForeignKey(() => Member)
  @Column({ type: 'uuid' })
  ownerId!: string;
  @Column(instantColumn) createdAt!: Date;
  /** When its last member left. */
  @Column({ ...instantColumn, nullable: true }) endedAt!: Date | null;
}

/** A member's place in a household, now or once: of each household a member has one. */
@Entity({ schema: 'members' })
@Index(['memberId'])
@Index('household_member_member_id_uq', ['memberId'], {
  unique: true,
  where: '"left_at" IS NULL',
})
@Check(
  'household_member_spending_limit_ck',
  '"spending_limit" IS NULL OR ("spending_limit" > 0 AND "may_spend")',
)
export class HouseholdMember {
  @ForeignKey(() => Household)
  @PrimaryColumn({ type: 'uuid' })
  householdId!: string;
  @ForeignKey(() => Member)
  @PrimaryColumn({ type: 'uuid' })
  memberId!: string;
  @Column(instantColumn) joinedAt!: Date;
  /** The day from which the member may join another; null while nobody has joined its maker. */
  @Column({ type: 'date', nullable: true }) mayChangeOn!: string | null;
  /** Whether the others may spend the member's points, and the member theirs. */
  @Column({ type: 'boolean' }) sharesPoints!: boolean;
  /** Whether the member may spend the others' points: in a business its owner decides. */
  @Column({ type: 'boolean', default: true }) maySpend!: boolean;
  /** Of the others' points, how many in a month; null for any number. */
  @Column({ ...pointsColumn, nullable: true }) spendingLimit!: bigint | null;
  /** Null while the member is in it. */
  @Column({ ...instantColumn, nullable: true }) leftAt!: Date | null;
}

/** An address that was invited into a household. */
@Entity({ schema: 'members' })
@Unique(['tokenHash'])
@Index(['householdId', 'createdAt'])
@Index(['invitedBy', 'createdAt'])
@Index(['emailKey', 'createdAt'])
@Index(['expiresAt'])
@Check('household_invitation_accepted_ck', '"accepted_by" IS NULL OR "ended_at" IS NOT NULL')
export class HouseholdInvitation {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Household) @Column({ type: 'uuid' }) householdId!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) invitedBy!: string;
  /** As the owner wrote it. */
  @Column({ type: 'text' }) email!: string;
  /** The address as it is compared. */
  @Column({ type: 'text' }) emailKey!: string;
  /** SHA-256 of what the mail holds: it has too many random bits to be guessed from it. */
  @Column({ type: 'bytea' }) tokenHash!: Buffer;
  /** False where the address had its mails of the day. */
  @Column({ type: 'boolean' }) mailed!: boolean;
  @Column(instantColumn) createdAt!: Date;
  @Column(instantColumn) expiresAt!: Date;
  @ForeignKey(() => Member)
  @Column({ type: 'uuid', nullable: true })
  acceptedBy!: string | null;
  /** When it was accepted, withdrawn or followed by another, or the household ended. */
  @Column({ ...instantColumn, nullable: true }) endedAt!: Date | null;
}
