import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import type { StaffRole } from '../../../platform/roles.ts';

/** Who works for the coalition, or for a partner, and signs in by themselves. */
@Entity({ schema: 'members' })
@Unique(['invitationHash'])
@Index('staff_email_key_uq', ['emailKey'], {
  unique: true,
  where: `"partner_id" IS NULL AND "status" <> 'REMOVED'`,
})
@Index('staff_email_key_partner_id_uq', ['emailKey', 'partnerId'], {
  unique: true,
  where: `"partner_id" IS NOT NULL AND "status" <> 'REMOVED'`,
})
@Index(['partnerId', 'createdAt', 'id'])
@Check(
  'staff_role_ck',
  `"role" IN ('ADMINISTRATOR', 'PROGRAM', 'FINANCE', 'SUPPORT', 'MODERATOR', 'AUDITOR', 'PARTNER_OWNER', 'PARTNER_OPERATIONS', 'PARTNER_CATALOG', 'PARTNER_FINANCE', 'PARTNER_INTEGRATION')`,
)
@Check('staff_status_ck', `"status" IN ('INVITED', 'ACTIVE', 'SUSPENDED', 'REMOVED')`)
@Check('staff_partner_id_ck', `("partner_id" IS NOT NULL) = ("role" LIKE 'PARTNER%')`)
@Check(
  'staff_invitation_ck',
  `("status" = 'INVITED') = ("invitation_hash" IS NOT NULL) AND num_nulls("invitation_hash", "invited_at", "invitation_ends_at") IN (0, 3)`,
)
export class Staff {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** As the inviter wrote it. */
  @Column({ type: 'text' }) email!: string;
  /** The address as it is compared: once in each organisation. */
  @Column({ type: 'text' }) emailKey!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) role!: StaffRole;
  /** The language of their mail, BCP 47. */
  @Column({ type: 'text', default: 'en' }) locale!: string;
  /** Null for the coalition's own. */
  @Column({ type: 'uuid', nullable: true }) partnerId!: string | null;
  @Column({ type: 'text' }) status!: 'INVITED' | 'ACTIVE' | 'SUSPENDED' | 'REMOVED';
  /** When they were first invited. */
  @Column(instantColumn) createdAt!: Date;
  /** When they last took an invitation up; null before. */
  @Column({ ...instantColumn, nullable: true }) acceptedAt!: Date | null;
  /** SHA-256 of the link's token, and with it its two instants: null where no invitation is out. */
  @Column({ type: 'bytea', nullable: true }) invitationHash!: Buffer | null;
  @Column({ ...instantColumn, nullable: true }) invitedAt!: Date | null;
  @Column({ ...instantColumn, nullable: true }) invitationEndsAt!: Date | null;
  /** Sign-ins that began before are over for good. A trigger sets it with status and role. */
  @Column({ ...instantColumn, nullable: true }) signedOutBefore!: Date | null;
}

/** Something that a person of the staff is told by e-mail, once. Its words are made when it is sent. */
@Entity({ schema: 'members' })
@Unique(['staffId', 'eventId'])
@Index(['dueAt'], { where: '"due_at" IS NOT NULL' })
export class StaffMail {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Staff) @Column({ type: 'uuid' }) staffId!: string;
  /** Names its words: the type of the event. */
  @Column({ type: 'text' }) template!: string;
  /** What the words are about: ids, days, amounts. */
  @Column({ type: 'jsonb' }) args!: Record<string, string>;
  /** What it tells of: nobody is told twice. */
  @Column({ type: 'uuid' }) eventId!: string;
  @Column(instantColumn) createdAt!: Date;
  /** Null where nothing is to be sent, or somebody is sending it. */
  @Column({ ...instantColumn, nullable: true }) dueAt!: Date | null;
  @Column({ type: 'integer', default: 0 }) tries!: number;
}
