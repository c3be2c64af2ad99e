import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../platform/database.ts';

/** What the provider keeps for itself: one of its models, as its adapter interface has them. */
@Entity({ schema: 'identity' })
@Index(['expiresAt'])
@Index(['grantId'], { where: '"grant_id" IS NOT NULL' })
@Index(['uid'], { where: '"uid" IS NOT NULL' })
@Index(['userCode'], { where: '"user_code" IS NOT NULL' })
export class OidcRecord {
  /** The provider's name for the kind of record: "Session", "AuthorizationCode". */
  @PrimaryColumn({ type: 'text' }) model!: string;
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'jsonb' }) payload!: Record<string, unknown>;
  @Column(instantColumn) expiresAt!: Date;
  /** Records of one grant are revoked together. */
  @Column({ type: 'text', nullable: true }) grantId!: string | null;
  @Column({ type: 'text', nullable: true }) userCode!: string | null;
  @Column({ type: 'text', nullable: true }) uid!: string | null;
  /** When a record that serves once was used. */
  @Column({ ...instantColumn, nullable: true }) consumedAt!: Date | null;
}

/** A key that signs tokens. The newest signs; all of them verify. */
@Entity({ schema: 'identity' })
export class SigningKey {
  /** The key's thumbprint, RFC 7638. */
  @PrimaryColumn({ type: 'text' }) kid!: string;
  /** The private key as a JWK, sealed with the system's seal key. */
  @Column({ type: 'text' }) sealedJwk!: string;
  @CreateDateColumn(instantColumn) createdAt!: Date;
}
