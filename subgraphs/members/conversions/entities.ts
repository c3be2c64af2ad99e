import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { instantColumn } from '../../../platform/database.ts';
import { Member } from '../membership/entities.ts';

/** Points that a member converts. What moves, and how it stands, is the ledger's to say, by the same id. */
@Entity({ schema: 'members' })
@Unique(['memberId', 'idempotencyKey'])
@Index('conversion_open_ix', ['timesOutAt'], { where: 'NOT "closed"' })
@Check('conversion_closed_ck', '"closed" OR "times_out_at" IS NOT NULL')
export class Conversion {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => Member) @Column({ type: 'uuid' }) memberId!: string;
  /** The partner on the other side. */
  @Column({ type: 'uuid' }) programId!: string;
  /** When the points come back unless the program has confirmed; null where nobody was asked. */
  @Column({ ...instantColumn, nullable: true }) timesOutAt!: Date | null;
  /** Whether it has ended, and the member was told. */
  @Column({ type: 'boolean' }) closed!: boolean;
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  @Column(instantColumn) createdAt!: Date;
}
