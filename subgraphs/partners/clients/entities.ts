import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Scope } from '../../../platform/contract.generated.ts';
import { instantColumn } from '../../../platform/database.ts';
import { scopesOf } from '../../../platform/scopes.ts';
import { Partner } from '../brands/entities.ts';
import type { ClientKey } from './rows.ts';

/** What a partner's system signs in with. */
@Entity({ schema: 'partners' })
@Unique(['partnerId', 'caller', 'idempotencyKey'])
@Check(
  'api_client_scopes_ck',
  `cardinality("scopes") > 0 AND "scopes" <@ ARRAY[${scopesOf('PARTNER')
    .map((scope) => `'${scope}'`)
    .join(', ')}]`,
)
@Check('api_client_keys_ck', '("keys" IS NULL) <> ("secret_hash" IS NULL)')
@Check('api_client_caller_ck', `"caller" IN ('PARTNER', 'ADMIN')`)
@Index('api_client_sealed_until_ix', ['sealedUntil'], { where: '"sealed_secret" IS NOT NULL' })
export class ApiClient {
  @PrimaryColumn({ type: 'text' }) clientId!: string;
  @ForeignKey(() => Partner) @Column({ type: 'uuid' }) partnerId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', array: true }) scopes!: Scope[];
  /** Meets members of the sandbox only. */
  @Column({ type: 'boolean' }) sandbox!: boolean;
  /** SHA-256 in hex: the secret has 256 random bits, so it needs no slow hash. Null with keys. */
  @Column({ type: 'text', nullable: true }) secretHash!: string | null;
  /** The public keys that its assertions are signed with; null with a secret. */
  @Column({ type: 'jsonb', nullable: true }) keys!: ClientKey[] | null;
  @Column(instantColumn) createdAt!: Date;
  @Column({ ...instantColumn, nullable: true }) lastUsedAt!: Date | null;
  @Column({ ...instantColumn, nullable: true }) revokedAt!: Date | null;
  /** Who created it: a key of staff must not give its secret to the partner's own clients. */
  @Column({ type: 'text' }) caller!: 'PARTNER' | 'ADMIN';
  @Column({ type: 'text' }) idempotencyKey!: string;
  @Column({ type: 'text' }) inputHash!: string;
  /** The secret for a repeated call, sealed; null once its time is over. */
  @Column({ type: 'text', nullable: true }) sealedSecret!: string | null;
  /** Null with keys. */
  @Column({ ...instantColumn, nullable: true }) sealedUntil!: Date | null;
}
