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

/**
 * Begins a sign-in of a person of the staff.
 *
 * @returns when it began, in seconds, as sessions and tokens keep it; null for who may not sign in
 */
export async function openStaffSignIn(db: Database, id: string): Promise<number | null> {
  const sql = 'SELECT extract(epoch FROM members.open_staff_sign_in($1))::float AS began';
  return (await rows<{ began: number | null }>(db, sql, [id]))[0]!.began;
}

/** Whose sign-in of then still stands; null for who may sign in no more, or has to do so anew. */
async function findSignedInStaff(
  db: Database,
  id: string,
  began: number,
): Promise<StaffAccount | null> {
  const sql = `SELECT ${columns} FROM members.signed_in_staff($1, to_timestamp($2))`;
  return (await rows<StaffAccount>(db, sql, [id, began]))[0] ?? null;
}

/** The member of this address; null where it has none. */
export function findMemberAt(db: Database, email: string): Promise<string | null> {
  return resolveMember(db, { email }, anonymous);
}

/** The same as `openStaffSignIn`, of a member: one whose membership is active, and a person's. */
export async function openMembersSignIn(db: Database, memberId: string): Promise<number | null> {
  const sql = 'SELECT extract(epoch FROM members.open_sign_in($1))::float AS began';
  return (await rows<{ began: number | null }>(db, sql, [memberId]))[0]!.began;
}

async function isSignedIn(db: Database, memberId: string, began: number): Promise<boolean> {
  const sql = 'SELECT members.is_signed_in($1, to_timestamp($2)) AS is';
  return (await rows<{ is: boolean }>(db, sql, [memberId, began]))[0]!.is;
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
 * person who may sign in no more, or was signed out since, has none that works, and what a token holds
 * is cut to the role that they have now. Each keeps when its sign-in began, whatever was made of it
 * since. Members and staff are found for applications of their own kind alone.
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
    const began = token ? beganOf(token) : (oidc.session!.loginTs ?? 0);
    if (principal === 'member') {
      const isStill = await isSignedIn(db, accountId, began);
      return isStill ? { accountId, claims, staff: null } : undefined;
    }
    if (token && isOver(began)) return undefined;
    const staff = await findSignedInStaff(db, accountId, began);
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

/** When the sign-in began of which a code or a refresh token is. */
function beganOf({ authTime = 0 }: { authTime?: number }): number {
  return authTime;
}

/** Whether staff signed in too long ago. */
function isOver(began: number): boolean {
  return Date.now() / 1_000 - began >= staffDaySeconds;
}
