import { randomBytes } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Config } from '../platform/config.ts';
import type { Database } from '../platform/database.ts';
import { Refusal } from '../platform/errors.ts';
import { resolveMember } from '../platform/members.ts';
import { scopeInToken, scopesOf } from '../platform/scopes.ts';
import { anonymous } from '../platform/viewer.ts';
import { type ClientMetadata, firstClientOf } from './clients.ts';
import { type OpenProvider, openProvider } from './provider.ts';

/** For whom a token of the demo is made. */
export type TokenHolder =
  | { kind: 'member'; email: string }
  /** The scopes of the partner's first client, or those of them that are named. */
  | { kind: 'partner'; code: string; scopes?: string[] }
  | { kind: 'admin' };

const lifetimeSeconds = 60 * 60;

/**
 * Makes an access token as the provider makes them, for an hour, without a sign-in: who may open
 * the provider's database may be anyone.
 *
 * @throws Refusal NOT_FOUND there is no such member, or no such partner with a client;
 *   NOT_ALLOWED the partner's client does not hold a scope
 */
export async function issueToken(
  config: Config,
  db: Database,
  holder: TokenHolder,
): Promise<string> {
  const opened = await openProvider(config, db, [demoClient('member'), demoClient('admin')]);
  switch (holder.kind) {
    case 'member':
      return personToken(opened, 'member', await findMember(db, holder.email));
    case 'partner':
      return partnerToken(opened, db, holder.code, holder.scopes ?? []);
    case 'admin':
      return personToken(opened, 'admin', 'admin');
  }
}

async function personToken(
  { provider, graph }: OpenProvider,
  principal: 'member' | 'admin',
  accountId: string,
): Promise<string> {
  const audience = principal === 'member' ? 'MEMBER' : 'ADMIN';
  const scope = scopesOf(audience).map(scopeInToken).join(' ');
  return new provider.AccessToken({
    client: await findClient(provider, demoClientId(principal)),
    accountId,
    scope,
    resourceServer: graph(scope),
    expiresIn: lifetimeSeconds,
    // A token in JWT form is stored nowhere: it belongs to no grant that could be revoked.
    grantId: '',
    gty: '',
  }).save();
}

async function partnerToken(
  { provider, graph }: OpenProvider,
  db: Database,
  code: string,
  asked: string[],
): Promise<string> {
  const clientId = await firstClientOf(db, code);
  if (!clientId) {
    throw new Refusal('NOT_FOUND', `There is no partner ${code} with an API client that is live.`);
  }
  const client = await findClient(provider, clientId);
  const held = client.scope?.split(' ') ?? [];
  const missing = asked.filter((scope) => !held.includes(scope));
  if (missing.length > 0) {
    throw new Refusal(
      'NOT_ALLOWED',
      `The client ${clientId} of ${code} does not hold ${missing.join(', ')}. It holds ${held.join(', ')}.`,
    );
  }
  const scope = (asked.length > 0 ? asked : held).join(' ');
  return new provider.ClientCredentials({
    client,
    scope,
    resourceServer: graph(scope),
    expiresIn: lifetimeSeconds,
  }).save();
}

async function findMember(db: Database, email: string): Promise<string> {
  const memberId = await resolveMember(db, { email }, anonymous);
  if (!memberId) throw new Refusal('NOT_FOUND', `There is no member ${email}.`);
  return memberId;
}

async function findClient(provider: Provider, clientId: string) {
  const client = await provider.Client.find(clientId);
  if (!client) throw new Refusal('NOT_FOUND', `The client ${clientId} is live no more.`);
  return client;
}

function demoClientId(principal: 'member' | 'admin'): string {
  return `demo-${principal}`;
}

/** The application that a person would have signed in with. It lives in this process alone. */
function demoClient(principal: 'member' | 'admin'): ClientMetadata {
  const client_secret = randomBytes(32).toString('hex');
  return { client_id: demoClientId(principal), client_secret, principal };
}
