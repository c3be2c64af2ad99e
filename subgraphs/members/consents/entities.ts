import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
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
