import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { ConsentScope } from '../../../platform/contract.generated.ts';
import { instantColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** What a member lets a partner do, as it stands. */
@Entity({ schema: 'members' })
@Check(
  'consent_scopes_ck',
  `cardinality("scopes") > 0 AND "scopes" <@ ARRAY['READ_BALANCE', 'READ_PROFILE', 'EARN', 'SPEND']`,
)
export class Consent {
  @ForeignKey(() => Member)
  @PrimaryColumn({ type: 'uuid' })
  memberId!: string;
  @PrimaryColumn({ type: 'uuid' }) partnerId!: string;
  /** Each once, in the contract's order. */
  @Column({ type: 'text', array: true }) scopes!: ConsentScope[];
  /** Counts its grants and revocations. */
  @Column({ type: 'integer' }) version!: number;
  @Column(instantColumn) grantedAt!: Date;
  /** Null while it is alive. */
  @Column({ ...instantColumn, nullable: true }) revokedAt!: Date | null;
}

/** What a partner asked a member for last: one row for each two of them. */
@Entity({ schema: 'members' })
@Unique(['memberId', 'partnerId'])
@Check(
  'consent_request_scopes_ck',
  `cardinality("scopes") > 0 AND "scopes" <@ ARRAY['READ_BALANCE', 'READ_PROFILE', 'EARN', 'SPEND']`,
)
@Check('consent_request_answer_ck', `"answer" IN ('GRANTED', 'DECLINED')`)
@Check('consent_request_answered_at_ck', '("answer" IS NULL) = ("answered_at" IS NULL)')
@Check('consent_request_expires_at_ck', '"expires_at" > "created_at"')
export class ConsentRequest {
  /** Another one where the partner asks anew. */
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  @Column({ type: 'uuid' }) partnerId!: string;
  /** Each once, in the contract's order. */
  @Column({ type: 'text', array: true }) scopes!: ConsentScope[];
  /** Why, in the partner's words. */
  @Column({ type: 'text' }) purpose!: string;
  @Column(instantColumn) createdAt!: Date;
  @Column(instantColumn) expiresAt!: Date;
  /** Null while it is open, or was open when it ended. */
  @Column({ type: 'text', nullable: true }) answer!: 'GRANTED' | 'DECLINED' | null;
  @Column({ ...instantColumn, nullable: true }) answeredAt!: Date | null;
}
