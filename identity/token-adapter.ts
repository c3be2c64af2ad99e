import { createHash } from 'node:crypto';
import { type AdapterPayload, errors } from 'oidc-provider';
import { IsNull } from 'typeorm';
import type { Database } from '../platform/database.ts';
import { RecordAdapter } from './adapter.ts';
import { OidcRecord } from './entities.ts';

/**
 * The provider's store of codes and refresh tokens, which a public client needs nothing besides to use.
 * They are kept as hashes: whoever reads the table has none of them.
 */
export class TokenAdapter extends RecordAdapter {
  readonly #db: Database;
  readonly #model: string;

  constructor(db: Database, model: string) {
    super(db, model);
    this.#db = db;
    this.#model = model;
  }

  override upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    const { jti: _, ...kept } = payload;
    return super.upsert(hashed(id), kept, expiresInSeconds);
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const kept = await super.find(hashed(id));
    return kept && { ...kept, jti: id };
  }

  /**
   * The provider looks first whether a token was used, and two requests may both have looked: so the
   * write decides who was first.
   *
   * @throws InvalidGrant it was used
   */
  override async consume(id: string): Promise<void> {
    const unused = { model: this.#model, id: hashed(id), consumedAt: IsNull() };
    const { affected } = await this.#db.update(OidcRecord, unused, { consumedAt: () => 'now()' });
    if (affected !== 1) throw new errors.InvalidGrant('it was used already');
  }

  override destroy(id: string): Promise<void> {
    return super.destroy(hashed(id));
  }
}

function hashed(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
