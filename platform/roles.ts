import type { Scope } from './contract.generated.ts';
import { scopesOf } from './scopes.ts';

/** What each role of staff may do: of the coalition's first, then of a partner's. */
const scopesByRole = {
  ADMINISTRATOR: scopesOf('ADMIN'),
  PROGRAM: ['PROGRAM_MANAGE', 'PARTNERS_MANAGE'],
  /** Settlement is between the coalition and its partners. */
  FINANCE: ['LEDGER_ADJUST', 'PARTNERS_MANAGE', 'MEMBERS_SUPPORT', 'AUDIT_READ'],
  SUPPORT: ['MEMBERS_SUPPORT'],
  MODERATOR: ['COMMUNITY_MODERATE'],
  AUDITOR: ['AUDIT_READ'],
  PARTNER_OWNER: scopesOf('PARTNER'),
  PARTNER_OPERATIONS: [
    'ACCRUALS_WRITE',
    'ACCRUALS_REVERSE',
    'REDEMPTIONS_AUTHORISE',
    'REDEMPTIONS_CAPTURE',
    'MEMBERS_LINK',
    'BALANCES_READ',
  ],
  PARTNER_CATALOG: ['CATALOG_MANAGE', 'RULES_MANAGE'],
  PARTNER_FINANCE: ['SETTLEMENT_READ'],
  PARTNER_INTEGRATION: ['WEBHOOKS_MANAGE', 'CLIENTS_MANAGE'],
} as const satisfies Record<string, readonly Scope[]>;

export type StaffRole = keyof typeof scopesByRole;

export const staffRoles = Object.keys(scopesByRole) as [StaffRole, ...StaffRole[]];

/** The scopes that a role gives. */
export function scopesOfRole(role: StaffRole): readonly Scope[] {
  return scopesByRole[role];
}

/** Whether a role is held in a partner; the others are held in the coalition itself. */
export function isPartnerRole(role: StaffRole): boolean {
  return role.startsWith('PARTNER_');
}
