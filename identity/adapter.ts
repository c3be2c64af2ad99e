import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { type FindOptionsWhere, Raw } from 'typeorm';
import { type Database, rows } from '../platform/database.ts';
import { OidcRecord } from './entities.ts';

/** Of what is kept for somebody who has not signed in, in characters: all that their application asked. */
const strangersMax = 20_000;

/** The provider's store of one of its models. What has expired is not there: the worker clears it. */
export class RecordAdapter implements Adapter {
  readonly #db: Database;
  readonly #model: string;

  constructor(db: Database, model: string) {
    this.#db = db;
    this.#model = model;
  }

  /**
   * @throws InvalidRequest what a stranger wrote is too long to be kept, or somebody wrote a zero
   *   character, which no text of PostgreSQL has
   */
  async upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    const kept = JSON.stringify(payload);
    const accountId = accountOf(payload);
    if ((!accountId && kept.length > strangersMax) || kept.includes('\\u0000')) {
      throw new errors.InvalidRequest('a parameter is too long, or has a zero character');
    }
    // consumed_at stays: what has been used stays used.
    await rows(
      this.#db,
      `INSERT INTO identity.oidc_record
         (model, id, payload, expires_at, account_id, grant_id, user_code, uid)
       VALUES ($1, $2, $3, now() + make_interval(secs => $4), $5, $6, $7, $8)
       ON CONFLICT ON CONSTRAINT oidc_record_pk DO UPDATE
       SET payload = excluded.payload, expires_at = excluded.expires_at,
           account_id = excluded.account_id, grant_id = excluded.grant_id,
           user_code = excluded.user_code, uid = excluded.uid`,
      [
        this.#model,
        id,
        kept,
        expiresInSeconds,
        accountId,
        payload.grantId ?? null,
        payload.userCode ?? null,
        payload.uid ?? null,
      ],
    );
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.#findBy({ id });
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#findBy({ userCode });
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#findBy({ uid });
  }

  async consume(id: string): Promise<void> {
    await this.#db.update(OidcRecord, { model: this.#model, id }, { consumedAt: () => 'now()' });
  }

  async destroy(id: string): Promise<void> {
    await this.#db.delete(OidcRecord, { model: this.#model, id });
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#db.delete(OidcRecord, { model: this.#model, grantId });
  }

  async #findBy(where: FindOptionsWhere<OidcRecord>): Promise<AdapterPayload | undefined> {
    const record = await this.#db.findOneBy(OidcRecord, {
      ...where,
      model: this.#model,
      expiresAt: Raw((column) => `${column} > now()`),
    });
    if (!record) return undefined;
    const { payload, consumedAt } = record;
    return consumedAt ? { ...payload, consumed: Math.floor(consumedAt.getTime() / 1000) } : payload;
  }
}

/** Whom a record is about. A sign-in tells who has proved themselves, or else whose session it began in. */
function accountOf({ accountId, result, session }: AdapterPayload): string | null {
  return accountId ?? result?.login?.accountId ?? session?.accountId ?? null;
}
