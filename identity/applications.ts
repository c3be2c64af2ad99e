import type { Client, Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../platform/config.ts';
import { scopeInToken, scopesOf } from '../platform/scopes.ts';
import type { ClientMetadata } from './clients.ts';

/** The applications that people sign in with, each with the scopes that it may ask for. */
const scopesByKind = {
  member: scopesOf('MEMBER'),
  staff: [...scopesOf('ADMIN'), ...scopesOf('PARTNER')],
} as const;

/** Public clients: pages in a browser keep no secret, so that PKCE stands in for one. */
export function applications({ redirectUris }: Pick<Config, 'redirectUris'>): ClientMetadata[] {
  return (['member', 'staff'] as const).map((principal) => ({
    client_id: `${principal}-web`,
    client_name: principal === 'member' ? 'Members' : 'Staff',
    principal,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [...redirectUris[principal]],
    post_logout_redirect_uris: [...redirectUris[principal]],
    scope: ['openid', ...scopesByKind[principal].map(scopeInToken)].join(' '),
  }));
}

/** Whether a person signs in with this client. */
export function isForPeople(client: Client): boolean {
  return ['member', 'staff'].includes((client as unknown as ClientMetadata).principal);
}

/**
 * What a person lets an application do: whatever it may ask for. The applications are the coalition's
 * own, and what a token holds is cut to what its person may, each time that one is made.
 */
export async function grantOf({ oidc }: KoaContextWithOIDC, audience: string): Promise<Grant> {
  const { provider, session, account } = oidc;
  const { clientId, scope = '' } = oidc.client!;
  const { accountId } = account!;
  const knownId = session!.grantIdFor(clientId);
  const known = knownId ? await provider.Grant.find(knownId) : undefined;
  const grant =
    known?.accountId === accountId ? known : new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(audience, scope.replace('openid ', ''));
  await grant.save();
  return grant;
}
