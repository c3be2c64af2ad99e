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
