import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The coalition itself: one row, made by the migration. */
@Entity({ schema: 'members' })
@Check('program_id_ck', `"id" = '5f0c1d6e-8a53-4c0e-9d5b-0e1f7a2b6c01'`)
export class Program {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) name!: string;
  /** IANA name. */
  @Column({ type: 'text' }) timeZone!: string;
  /** ISO 4217. */
  @Column({ type: 'text' }) moneyCurrency!: string;
  @Column({ type: 'integer' }) version!: number;
}
