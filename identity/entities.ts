import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../platform/database.ts';

/** What the provider keeps for itself: one of its models, as its adapter interface has them. */
@Entity({ schema: 'identity' })
@Index(['expiresAt'])
@Index(['accountId'], { where: '"account_id" IS NOT NULL' })
@Index(['grantId'], { where: '"grant_id" IS NOT NULL' })
@Index(['uid'], { where: '"uid" IS NOT NULL' })
@Index(['userCode'], { where: '"user_code" IS NOT NULL' })
export class OidcRecord {
  /** The provider's name for the kind of record: "Session", "AuthorizationCode". */
  @PrimaryColumn({ type: 'text' }) model!: string;
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'jsonb' }) payload!: Record<string, unknown>;
  @Column(instantColumn) expiresAt!: Date;
  /** The member or the person of the staff that it is about. */
  @Column({ type: 'text', nullable: true }) accountId!: string | null;
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

/** A code, and a link, that went to an address for one sign-in of one browser. */
@Entity({ schema: 'identity' })
@Index(['interaction', 'createdAt'])
@Index(['emailKey', 'createdAt'])
@Index(['expiresAt'])
@Check('sign_in_code_attempts_ck', '"attempts" BETWEEN 0 AND 5')
@Check('sign_in_code_hashes_ck', '("code_hash" IS NULL) = ("link_hash" IS NULL)')
export class SignInCode {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  /** The sign-in: the provider's id of it, which its browser holds in a cookie. */
  @Column({ type: 'text' }) interaction!: string;
  @Column({ type: 'text' }) email!: string;
  @Column({ type: 'text' }) emailKey!: string;
  /** A keyed hash of the browser's name where it is known, of its network otherwise. */
  @Column({ type: 'bytea' }) asker!: Buffer;
  /** Whether somebody has signed in with the address in this browser before. */
  @Column({ type: 'boolean' }) known!: boolean;
  /** Keyed hashes; null where nothing was mailed, so that nothing will do. */
  @Column({ type: 'bytea', nullable: true }) codeHash!: Buffer | null;
  @Column({ type: 'bytea', nullable: true }) linkHash!: Buffer | null;
  @Column(instantColumn) createdAt!: Date;
  @Column(instantColumn) expiresAt!: Date;
  /** Codes tried, right or wrong. */
  @Column({ type: 'integer', default: 0 }) attempts!: number;
  /** When the right one came: it serves once. */
  @Column({ ...instantColumn, nullable: true }) provedAt!: Date | null;
}

/** What a person of the staff has besides their mailbox: an app that makes codes (TOTP, RFC 6238). */
@Entity({ schema: 'identity' })
@Check('second_factor_failures_ck', '"failures" >= 0')
export class SecondFactor {
  @PrimaryColumn({ type: 'uuid' }) staffId!: string;
  /** The shared secret in base32, sealed with the system's seal key. */
  @Column({ type: 'text' }) sealedSecret!: string;
  /** When the app first gave a right code; null until then, and it counts for nothing. */
  @Column({ ...instantColumn, nullable: true }) confirmedAt!: Date | null;
  /** The newest time step whose code was used: none is taken twice, nor an older one. */
  @Column({ type: 'integer', default: 0 }) lastStep!: number;
  /** Wrong codes in a row. */
  @Column({ type: 'integer', default: 0 }) failures!: number;
  @Column({ ...instantColumn, nullable: true }) lockedUntil!: Date | null;
}

/** Signs in once where the app is lost. */
@Entity({ schema: 'identity' })
export class RecoveryCode {
  @ForeignKey(() => SecondFactor)
  @PrimaryColumn({ type: 'uuid' })
  staffId!: string;
  /** A keyed hash. */
  @PrimaryColumn({ type: 'bytea' }) codeHash!: Buffer;
  @Column({ ...instantColumn, nullable: true }) usedAt!: Date | null;
}
