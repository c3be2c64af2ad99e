import type { Account, KoaContextWithOIDC } from 'oidc-provider';
import { type Database, rows } from '../platform/database.ts';
import { resolveMember } from '../platform/members.ts';
import { type StaffRole, scopesOfRole } from '../platform/roles.ts';
import { scopeInToken } from '../platform/scopes.ts';
import { anonymous } from '../platform/viewer.ts';
import type { ClientMetadata } from './clients.ts';

/** A person of the staff who may sign in, as members publishes them. */
export interface StaffAccount {
  id: string;
  name: string;
  role: StaffRole;
  /** Null for the coalition's own. */
  partnerId: string | null;
}

/** A person as the provider knows them. */
export type PersonAccount = Account & { staff: StaffAccount | null };

/** How long staff may go on without signing in again, however often their tokens are refreshed. */
export const staffDaySeconds = 12 * 60 * 60;

const columns = 'id, name, role, partner_id AS "partnerId"';

/** Those who have this address: in each organisation that they work for. */
export function findStaffAt(db: Database, email: string): Promise<StaffAccount[]> {
  return rows(db, `SELECT ${columns} FROM members.staff_at($1)`, [email]);
}

/** One who may sign in; null for one who was suspended or removed meanwhile, or whose partner was. */
async function findStaff(db: Database, id: string): Promise<StaffAccount | null> {
  const [found] = await rows<StaffAccount>(db, `SELECT ${columns} FROM members.staff_by_id($1)`, [
    id,
  ]);
  return found ?? null;
}

/** The member of this address; null where it has none. */
export function findMemberAt(db: Database, email: string): Promise<string | null> {
  return resolveMember(db, { email }, anonymous);
}

/** Whether the membership is there, active, and a person's. */
export async function isActiveMember(db: Database, memberId: string): Promise<boolean> {
  const [found] = await rows<{ may: boolean }>(db, 'SELECT members.may_sign_in($1) AS may', [
    memberId,
  ]);
  return found!.may;
}

/** Makes a member of who has proved the address; where it has one by now, that one. @returns the id */
export async function enrolVerified(db: Database, email: string, at: Date): Promise<string> {
  const [enrolled] = await rows<{ id: string }>(db, 'SELECT members.enrol_verified($1, $2) AS id', [
    email,
    at,
  ]);
  return enrolled!.id;
}

/**
 * Finds whom a session, a code or a refresh token is about, each time that one of them is used: a
 * person who may sign in no more has none that works, and what a token holds is cut to the role that
 * they have now. Members and staff are found for applications of their own kind alone.
 *
 * @param audience the graph's
 */
export function accountFinder(db: Database, audience: string) {
  return async (
    { oidc }: KoaContextWithOIDC,
    accountId: string,
    token?: object,
  ): Promise<PersonAccount | undefined> => {
    const { principal } = oidc.client as unknown as ClientMetadata;
    const claims = () => Promise.resolve({ sub: accountId });
    if (principal === 'member') {
      return (await isActiveMember(db, accountId)) ? { accountId, claims, staff: null } : undefined;
    }
    if (isOver(token)) return undefined;
    const staff = await findStaff(db, accountId);
    if (!staff) return undefined;
    if (token) cutToRole(oidc, audience, staff.role);
    return { accountId, claims, staff };
  };
}

/** Takes from what the application was granted, for this one token, what the role does not give. */
function cutToRole(
  { entities: { Grant: grant }, client }: KoaContextWithOIDC['oidc'],
  audience: string,
  role: StaffRole,
): void {
  const given = new Set(scopesOfRole(role).map(scopeInToken));
  const others = client!.scope!.split(' ').filter((scope) => !given.has(scope));
  grant!.rejectResourceScope(audience, others.join(' '));
}

/** Whether staff signed in too long ago for this token. */
function isOver(token: { authTime?: number } = {}): boolean {
  const { authTime = Infinity } = token;
  return Date.now() / 1_000 - authTime >= staffDaySeconds;
}
