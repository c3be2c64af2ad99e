import { timingSafeEqual } from 'node:crypto';
import type { JWK } from 'jose';
import type { AdapterPayload } from 'oidc-provider';
import { tokenHash } from '../platform/codes.ts';
import type { Scope } from '../platform/contract.generated.ts';
import { type Database, rows } from '../platform/database.ts';
import { scopeInToken } from '../platform/scopes.ts';
import { RecordAdapter } from './adapter.ts';

/**
 * A client as the provider knows it, with the three things that we add: whom its tokens speak for,
 * and for a partner's client which partner, and whether it is a test client.
 */
export type ClientMetadata = AdapterPayload & {
  client_id: string;
  /** Staff is the coalition's or a partner's, as the person is who signs in. */
  principal: 'member' | 'staff' | 'partner' | 'admin';
  partner_id?: string;
  sandbox?: boolean;
  /** Hashes of the secrets that a partner's client had before, and that still work. */
  former_hashes?: string[];
};

/** The names of what we add. */
export const ownMetadata = ['principal', 'partner_id', 'sandbox', 'former_hashes'];

/** A partner's API client, as partners publishes it. */
interface ApiClientRow {
  clientId: string;
  name: string;
  partnerId: string;
  scopes: Scope[];
  sandbox: boolean;
  /** SHA-256 of the secret, hex; null where the client has keys. */
  secretHash: string | null;
  /** Its public keys, replaced ones that still work among them; null where it has a secret. */
  keys: JWK[] | null;
  formerHashes: string[];
}

const columns = `client_id AS "clientId", name, partner_id AS "partnerId", scopes, sandbox,
                 secret_hash AS "secretHash", keys,
                 partners.former_hashes(client_id) AS "formerHashes"`;

/**
 * The provider's store of clients: the API clients that partners keeps. They are read for every
 * token, so that a revoked client or a suspended brand gets no more of them at once.
 */
export class ClientAdapter extends RecordAdapter {
  readonly #db: Database;

  constructor(db: Database) {
    super(db, 'Client');
    this.#db = db;
  }

  override async find(clientId: string): Promise<ClientMetadata | undefined> {
    // PostgreSQL has no text with a zero character: no client is called so.
    if (clientId.includes('\0')) return undefined;
    const [client] = await rows<ApiClientRow>(
      this.#db,
      `SELECT ${columns} FROM partners.find_api_client($1)`,
      [clientId],
    );
    return client && metadataOf(client);
  }
}

/** The id of the partner's first client that may get tokens, a live one before a test one. */
export async function firstClientOf(db: Database, partnerCode: string): Promise<string | null> {
  const [client] = await rows<ApiClientRow>(
    db,
    `SELECT ${columns} FROM partners.api_clients_of($1) LIMIT 1`,
    [partnerCode],
  );
  return client?.clientId ?? null;
}

/** Notes that a client got a token. */
export async function touchClient(db: Database, clientId: string): Promise<void> {
  await rows(db, 'SELECT partners.touch_api_client($1)', [clientId]);
}

/** Whether the secret is one of those that were hashed; takes as long whichever it is, or is nearly. */
export function secretMatches(secret: string, hashes: readonly string[]): boolean {
  const given = tokenHash(secret);
  const matches = hashes.map((hash) => timingSafeEqual(given, Buffer.from(hash, 'hex')));
  return matches.includes(true);
}

function metadataOf(client: ApiClientRow): ClientMetadata {
  return {
    client_id: client.clientId,
    client_name: client.name,
    ...credentialsOf(client),
    scope: client.scopes.map(scopeInToken).join(' '),
    principal: 'partner',
    partner_id: client.partnerId,
    sandbox: client.sandbox,
  };
}

/** Each client has one way to prove itself: the provider takes no other of it. */
function credentialsOf({ secretHash, keys, formerHashes }: ApiClientRow): Partial<ClientMetadata> {
  if (keys) return { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } };
  return { client_secret: secretHash!, former_hashes: formerHashes };
}
