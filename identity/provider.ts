import { hkdfSync } from 'node:crypto';
import type { Logger } from 'pino';
import Provider, {
  type AccessToken,
  type Client,
  type ClientCredentials,
  type Configuration,
  type KoaContextWithOIDC,
  type ResourceServer,
  errors,
} from 'oidc-provider';
import { type Config, ConfigError } from '../platform/config.ts';
import type { Database } from '../platform/database.ts';
import { scopeInToken, scopesOf } from '../platform/scopes.ts';
import { RecordAdapter } from './adapter.ts';
import { AssertionAdapter, assertionAlgorithms, checkAssertion } from './assertions.ts';
import {
  ClientAdapter,
  type ClientMetadata,
  ownMetadata,
  secretMatches,
  touchClient,
} from './clients.ts';
import { type PrivateKey, signingAlgorithm, signingKeys } from './keys.ts';

/** An OpenID provider that issues access tokens to partners' clients, and its keys. */
export interface OpenProvider {
  provider: Provider;
  /** The newest, which signs, first. */
  keys: readonly [PrivateKey, ...PrivateKey[]];
  /** What the graph is to the provider, for a token that may hold these scopes. */
  graph: (scope: string) => ResourceServer;
}

/**
 * Makes the provider on its database role; it listens to nobody yet.
 *
 * @param clients clients that this process alone knows
 * @throws ConfigError where the audience is not what a provider can issue tokens for
 */
export async function openProvider(
  { issuer, embeddedIssuer, audience, sealKey, limits }: Config,
  db: Database,
  clients: ClientMetadata[] = [],
): Promise<OpenProvider> {
  if (embeddedIssuer && (!URL.canParse(audience) || audience.includes('#'))) {
    throw new ConfigError('AUDIENCE: the embedded provider needs a URI without a fragment.');
  }
  const keys = await signingKeys(db, sealKey);
  const graph = (scope: string): ResourceServer => ({
    scope,
    audience,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: signingAlgorithm, kid: keys[0].kid } },
  });
  const provider = new Provider(issuer, {
    ...fixed,
    clients,
    adapter: (model) => adapterOf(db, model),
    clockTolerance: limits.clockSkewMs / 1_000,
    jwks: { keys: [...keys] },
    cookies: { keys: [cookieKey(sealKey)] },
    features: {
      ...fixed.features,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo(ctx, resource, client) {
          if (resource !== audience) throw new errors.InvalidTarget();
          const held = client.scope ?? '';
          askScopes(ctx, held);
          return graph(held);
        },
      },
    },
  });
  // The way that the library's author names for secrets that are stored hashed.
  provider.Client.prototype.compareClientSecret = function (this: Client, secret: string) {
    return secretMatches(secret, this.clientSecret!);
  };
  return { provider, keys, graph };
}

/** The store of one of the provider's models. */
function adapterOf(db: Database, model: string): RecordAdapter {
  switch (model) {
    case 'Client':
      return new ClientAdapter(db);
    case 'ReplayDetection':
      return new AssertionAdapter(db);
    default:
      return new RecordAdapter(db, model);
  }
}

/** What does not depend on where the provider runs. */
const fixed: Configuration = {
  scopes: scopesOf('PARTNER').map(scopeInToken),
  // Signing in of people is not offered: no grant but the clients' own.
  responseTypes: [],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
  },
  // A hashed secret cannot sign: the method that uses it as a key is left out.
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: assertionAlgorithms },
  assertJwtClientAuthClaimsAndHeader: checkAssertion,
  clientDefaults: {
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: signingAlgorithm,
  },
  // Clients are servers: no web page of another origin asks for tokens.
  clientBasedCORS: () => false,
  extraClientMetadata: { properties: ownMetadata },
  extraTokenClaims: (_, token) => claimsOf(token),
  ttl: { ClientCredentials: 10 * 60, AccessToken: 60 * 60 },
  renderError: (ctx, out) => {
    ctx.body = out;
  },
};

/**
 * Holds the request to the client's scopes: all of them where it names none. The grant itself
 * leaves out a scope that it does not know, and gives none where none is named.
 *
 * @throws InvalidScope naming the first that the client does not hold
 */
function askScopes(ctx: KoaContextWithOIDC, held: string): void {
  const params = ctx.oidc.params!;
  const scopes = held.split(' ');
  params['scope'] ??= held;
  for (const scope of (params['scope'] as string).split(' ')) {
    if (scopes.includes(scope)) continue;
    throw new errors.InvalidScope('requested scope is not allowed', scope);
  }
}

/** The claims that name the principal, as `viewerOf` of the platform reads them. */
function claimsOf(token: AccessToken | ClientCredentials) {
  const { principal, partner_id, sandbox } = token.client as unknown as ClientMetadata;
  switch (principal) {
    case 'member':
      return { principal, member_id: (token as AccessToken).accountId };
    case 'partner':
      return { principal, partner_id, ...(sandbox && { sandbox }) };
    case 'admin':
      return { principal };
  }
}

/** The same in every process, and of no use for anything but cookies. */
function cookieKey(sealKey: string): string {
  const key = hkdfSync('sha256', Buffer.from(sealKey, 'base64url'), '', 'identity cookies', 32);
  return Buffer.from(key).toString('base64url');
}

/** Notes when each client last got a token. A token does not fail for it. */
export function noteUse({ provider }: OpenProvider, db: Database, log: Logger): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
    if (oidc?.route !== 'token' || ctx.status !== 200) return;
    await touchClient(db, oidc.client!.clientId).catch((error: unknown) =>
      log.error({ err: error }, 'fault'),
    );
  });
}
