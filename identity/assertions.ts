import { type AdapterPayload, type KoaContextWithOIDC, errors } from 'oidc-provider';
import { type Database, rows } from '../platform/database.ts';
import { RecordAdapter } from './adapter.ts';

/** What clients may sign their assertions with. */
export const assertionAlgorithms: ('ES256' | 'EdDSA')[] = ['ES256', 'EdDSA'];

/** How far ahead an assertion may expire: one that leaks is of no use for longer. */
const lifetimeSeconds = 5 * 60;

/** The database's clock may be ahead of this process's: a used assertion is known until after its end. */
const keptLongerSeconds = 60;

/**
 * What we ask of a client's assertion beyond RFC 7523, which the provider holds it to: that it is for
 * this provider alone, expires soon, and names its key.
 *
 * @throws InvalidClientAuth
 */
export function checkAssertion(
  { oidc }: KoaContextWithOIDC,
  { aud, exp }: Record<string, unknown>,
  { kid }: Record<string, unknown>,
): void {
  // The provider would take the endpoint's URL too, which another issuer may name as its own.
  // Source: FAPI 2.0 Security Profile §5.3.2.1.
  if (aud !== oidc.provider.issuer) throw refused('aud must be the issuer alone');
  if ((exp as number) > Date.now() / 1_000 + lifetimeSeconds) throw refused('exp is too far ahead');
  // A set with a single key would take an assertion that does not say which key it wants.
  if (typeof kid !== 'string') throw refused('the header must name the key');
}

/**
 * The provider's store of assertions that were used, by their client and `jti`. The provider looks
 * first and writes then, and two requests may both have looked: so the write decides who was first.
 */
export class AssertionAdapter extends RecordAdapter {
  readonly #db: Database;

  constructor(db: Database) {
    super(db, 'ReplayDetection');
    this.#db = db;
  }

  /** @throws InvalidClientAuth it was used before */
  override async upsert(
    id: string,
    payload: AdapterPayload,
    expiresInSeconds: number,
  ): Promise<void> {
    const claimed = await rows(
      this.#db,
      `INSERT INTO identity.oidc_record (model, id, payload, expires_at)
       VALUES ('ReplayDetection', $1, $2, now() + make_interval(secs => $3))
       ON CONFLICT ON CONSTRAINT oidc_record_pk DO UPDATE
       SET payload = excluded.payload, expires_at = excluded.expires_at
       WHERE oidc_record.expires_at <= now()
       RETURNING id`,
      [id, payload, expiresInSeconds + keptLongerSeconds],
    );
    if (claimed.length === 0) throw refused('the assertion was used before');
  }
}

/** What the client is told is that it is not known; the reason is for whoever debugs the provider. */
function refused(reason: string): errors.InvalidClientAuth {
  return new errors.InvalidClientAuth(reason);
}
