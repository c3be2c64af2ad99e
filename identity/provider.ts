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
import { type PersonAccount, accountFinder } from './accounts.ts';
import { RecordAdapter } from './adapter.ts';
import { applications, grantOf, isForPeople } from './applications.ts';
import { AssertionAdapter, assertionAlgorithms, checkAssertion } from './assertions.ts';
import {
  ClientAdapter,
  type ClientMetadata,
  ownMetadata,
  secretMatches,
  touchClient,
} from './clients.ts';
import { type PrivateKey, signingAlgorithm, signingKeys } from './keys.ts';
import { messagePage, pageHeaders, signOutPage } from './pages.ts';
import { signInPolicy, stepUp, stepUpClaim } from './step-up.ts';
import { TokenAdapter } from './token-adapter.ts';

/** An OpenID provider that issues access tokens to partners' clients and to people, and its keys. */
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
  config: Config,
  db: Database,
  clients: ClientMetadata[] = [],
): Promise<OpenProvider> {
  const { issuer, embeddedIssuer, audience, sealKey, corsOrigins, limits } = config;
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
    clients: [...applications(config), ...clients],
    adapter: (model) => adapterOf(db, model),
    clockTolerance: limits.clockSkewMs / 1_000,
    jwks: { keys: [...keys] },
    // A page of another site, framed or not, finds nobody signed in.
    cookies: { keys: [cookieKey(sealKey)], long: { httpOnly: true, sameSite: 'lax' } },
    findAccount: accountFinder(db, audience),
    loadExistingGrant: (ctx) => grantOf(ctx, audience),
    interactions: {
      policy: signInPolicy(),
      url: (_, { uid }) => `${homeOf(issuer)}/interaction/${uid}`,
    },
    // Partners' clients are servers: pages are those of people's applications. Browsers name the origin
    // of one that stands beside the provider, too.
    clientBasedCORS: (_, origin, client) =>
      isForPeople(client) && [new URL(issuer).origin, ...corsOrigins].includes(origin),
    features: {
      ...fixed.features,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo(ctx, resource, client) {
          if (resource !== audience) throw new errors.InvalidTarget();
          const held = client.scope ?? '';
          if (!isForPeople(client)) askScopes(ctx, held);
          return graph(held);
        },
      },
    },
  });
  // The way that the library's author names for secrets that are stored hashed.
  provider.Client.prototype.compareClientSecret = function (this: Client, secret: string) {
    const { former_hashes: former = [] } = this as unknown as ClientMetadata;
    return secretMatches(secret, [this.clientSecret!, ...former]);
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
    case 'AuthorizationCode':
    case 'RefreshToken':
      return new TokenAdapter(db, model);
    default:
      return new RecordAdapter(db, model);
  }
}

const membersMonthSeconds = 30 * 24 * 60 * 60;
const visitSeconds = 60 * 60;

/** What does not depend on where the provider runs. */
const fixed: Configuration = {
  scopes: [
    'openid',
    ...(['PARTNER', 'MEMBER', 'ADMIN'] as const).flatMap(scopesOf).map(scopeInToken),
  ],
  responseTypes: ['code'],
  pkce: { methods: ['S256'], required: () => true },
  acrValues: [stepUp],
  // A refresh token serves once; one that comes again ends the sign-in. It goes with the session.
  rotateRefreshToken: true,
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: () => true,
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource(ctx, form) {
        const { postLogoutRedirectUri: to } = ctx.oidc.session!.state as SignOut;
        showPage(ctx, signOutPage(form), to ? [new URL(to).origin] : []);
      },
      postLogoutSuccessSource: (ctx) =>
        showPage(ctx, messagePage('Signed out', 'You are signed out here.')),
    },
    revocation: { enabled: true },
    userinfo: { enabled: false },
  },
  // A hashed secret cannot sign: the method that uses it as a key is left out.
  clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: assertionAlgorithms },
  assertJwtClientAuthClaimsAndHeader: checkAssertion,
  clientDefaults: {
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: signingAlgorithm,
  },
  extraClientMetadata: { properties: ownMetadata },
  extraTokenClaims: (ctx, token) => claimsOf(ctx, token),
  ttl: {
    ClientCredentials: 10 * 60,
    AccessToken: 10 * 60,
    AuthorizationCode: 60,
    IdToken: 10 * 60,
    Interaction: 60 * 60,
    Grant: membersMonthSeconds,
    RefreshToken: membersMonthSeconds,
    // One in which nobody has signed in is of no use for longer than a visit.
    Session: (_, { accountId }) => (accountId ? membersMonthSeconds : visitSeconds),
  },
  renderError: (ctx, out) => {
    const isForPerson = ['authorization', 'resume', 'end_session'].includes(ctx.oidc?.route ?? '');
    if (!isForPerson || ctx.accepts('json', 'html') === 'json') return void (ctx.body = out);
    const text = out.error_description ?? out.error;
    return showPage(ctx, messagePage('This does not work', `${text}.`));
  },
};

/** What the provider keeps of a sign-out until it is confirmed. */
interface SignOut {
  /** One of the application's own. */
  postLogoutRedirectUri?: string;
}

function showPage(ctx: KoaContextWithOIDC, page: string, formTargets: string[] = []): void {
  ctx.set(pageHeaders(formTargets));
  ctx.body = page;
}

/** What the addresses of the provider's pages begin with. */
export function homeOf(issuer: string): string {
  return issuer.replace(/\/$/, '');
}

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
function claimsOf(ctx: KoaContextWithOIDC | undefined, token: AccessToken | ClientCredentials) {
  const { principal, partner_id, sandbox } = token.client as unknown as ClientMetadata;
  switch (principal) {
    case 'member':
      return { principal, member_id: (token as AccessToken).accountId, ...stepUpClaim(ctx) };
    case 'staff': {
      const { partnerId } = (ctx!.oidc.account as PersonAccount).staff!;
      const whom = partnerId
        ? { principal: 'partner', partner_id: partnerId }
        : { principal: 'admin' };
      return { ...whom, ...stepUpClaim(ctx) };
    }
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

/** Notes when each API client last got a token. A token does not fail for it. */
export function noteUse({ provider }: OpenProvider, db: Database, log: Logger): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
    if (oidc?.route !== 'token' || ctx.status !== 200 || isForPeople(oidc.client!)) return;
    await touchClient(db, oidc.client!.clientId).catch((error: unknown) =>
      log.error({ err: error }, 'fault'),
    );
  });
}
