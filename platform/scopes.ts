import type { Audience, Scope } from './contract.generated.ts';

/** Whose tokens may hold each scope of the contract. */
const holders: Record<Scope, Exclude<Audience, 'PUBLIC'>> = {
  ACCRUALS_WRITE: 'PARTNER',
  ACCRUALS_REVERSE: 'PARTNER',
  REDEMPTIONS_AUTHORISE: 'PARTNER',
  REDEMPTIONS_CAPTURE: 'PARTNER',
  MEMBERS_LINK: 'PARTNER',
  BALANCES_READ: 'PARTNER',
  WEBHOOKS_MANAGE: 'PARTNER',
  SETTLEMENT_READ: 'PARTNER',
  RULES_MANAGE: 'PARTNER',
  CATALOG_MANAGE: 'PARTNER',
  CLIENTS_MANAGE: 'PARTNER',
  PROFILE: 'MEMBER',
  BALANCE: 'MEMBER',
  REDEEM: 'MEMBER',
  TRANSFER: 'MEMBER',
  COMMUNITY: 'MEMBER',
  LEDGER_ADJUST: 'ADMIN',
  PARTNERS_MANAGE: 'ADMIN',
  PROGRAM_MANAGE: 'ADMIN',
  MEMBERS_SUPPORT: 'ADMIN',
  COMMUNITY_MODERATE: 'ADMIN',
  AUDIT_READ: 'ADMIN',
};

const scopes = Object.keys(holders) as Scope[];

/** The scopes that tokens of this audience may hold, in the contract's order. */
export function scopesOf(audience: Exclude<Audience, 'PUBLIC'>): Scope[] {
  return scopes.filter((scope) => holders[scope] === audience);
}

/** The contract's scope in the wire form of the trade: ACCRUALS_WRITE is `accruals:write`. */
export function scopeInToken(scope: Scope): string {
  return scope.toLowerCase().replace('_', ':');
}

/** The contract's scopes by their wire form, as a token holds them: `accruals:write`. */
export const scopesInToken: ReadonlyMap<string, Scope> = new Map(
  scopes.map((scope) => [scopeInToken(scope), scope]),
);
