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

/**
 * What an API client had before, which works for a while beside what replaced it. A row per rotation,
 * which stays to answer a repeated call; what the client had is forgotten once it works no more.
 */
@Entity({ schema: 'partners' })
@Unique(['clientId', 'caller', 'idempotencyKey'])
@Check('client_rotation_former_ck', '"former_keys" IS NULL OR "former_secret_hash" IS NULL')
@Check('client_rotation_caller_ck', `"caller" IN ('PARTNER', 'ADMIN')`)
@Index('client_rotation_sealed_until_ix', ['sealedUntil'], {
  where: '"sealed_secret" IS NOT NULL',
})
@Index('client_rotation_former_until_ix', ['formerUntil'], {
  where: '"former_secret_hash" IS NOT NULL OR "former_keys" IS NOT NULL',
})
export class ClientRotation {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @ForeignKey(() => ApiClient) @Column({ type: 'text' }) clientId!: string;
  /** As in `ApiClient`; null for keys, and once it works no more. */
  @Column({ type: 'text', nullable: true }) formerSecretHash!: string | null;
  /** Null for a secret, and once they work no more. */
  @Column({ type: 'jsonb', nullable: true }) formerKeys!: ClientKey[] | null;
  @Column(instantColumn) formerUntil!: Date;
  /** Who rotated: a key of staff must not give its secret to the partner's own clients. */
  @Column({ type: 'text' }) caller!: 'PARTNER' | 'ADMIN';
  /** Null where the call had none: it is not repeated then. */
  @Column({ type: 'text', nullable: true }) idempotencyKey!: string | null;
  @Column({ type: 'text' }) inputHash!: string;
  /** The secret for a repeated call, sealed; null once its time is over, and with keys. */
  @Column({ type: 'text', nullable: true }) sealedSecret!: string | null;
  @Column({ ...instantColumn, nullable: true }) sealedUntil!: Date | null;
}
