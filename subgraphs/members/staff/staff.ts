import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, note, parseInput } from '../../../platform/input.ts';
import type { Limits } from '../../../platform/limits.ts';
import {
  type Connection,
  type PageRequest,
  newestConnection,
  readNewest,
  readNewestPage,
} from '../../../platform/paging.ts';
import {
  type StaffRole,
  isPartnerRole,
  scopesOfRole,
  staffRoles,
} from '../../../platform/roles.ts';
import { type Viewer, requireNoSandbox } from '../../../platform/viewer.ts';
import { Where } from '../../../platform/where.ts';
import { locale } from '../membership/profiles.ts';
import { Staff } from './entities.ts';

/** Who changes staff, and when. */
interface Changing {
  viewer: Viewer;
  clock: Clock;
}

const roleChange = z.object({ id, role: z.enum(staffRoles), reason: note });

/**
 * Gives a person another role of the same organisation: it counts for their next token, ten minutes
 * from now at the latest. The role that they have changes nothing.
 *
 * @throws Refusal INVALID also for a role of the other kind of organisation; NOT_FOUND; NOT_ALLOWED
 *   the old or the new role gives what the caller does not hold, a test client asks, or the caller
 *   changes themselves
 */
export function changeStaffRole(
  db: Database,
  input: z.input<typeof roleChange>,
  { viewer, clock }: Changing,
): Promise<Staff> {
  const { id: staffId, role, reason } = parseInput(roleChange, input);
  return transaction(db, async (tx) => {
    const staff = await lockStaff(tx, staffId, viewer);
    if (isPartnerRole(role) !== (staff.partnerId !== null)) {
      throw new Refusal('INVALID', 'role: is of the other kind of organisation.', ['role']);
    }
    requireMayGive(viewer, role);
    if (staff.role === role) return staff;
    return change(tx, staff, { role }, { action: 'changeStaffRole', reason, viewer, clock });
  });
}

const statusChange = z.object({
  id,
  status: z
    .enum(['INVITED', 'ACTIVE', 'SUSPENDED', 'REMOVED'])
    .refine((status) => status !== 'INVITED', 'is what an invitation makes'),
  reason: note,
});

/**
 * Suspends a person, lets them back, or removes them for good: who is not ACTIVE gets no token. The
 * status that they have changes nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND also for one who was removed; NOT_ALLOWED as for
 *   `changeStaffRole`, or the person has not taken up their invitation and is not to be removed
 */
export function setStaffStatus(
  db: Database,
  input: z.input<typeof statusChange>,
  { viewer, clock }: Changing,
): Promise<Staff> {
  const { id: staffId, status, reason } = parseInput(statusChange, input);
  return transaction(db, async (tx) => {
    const staff = await lockStaff(tx, staffId, viewer);
    if (staff.status === status) return staff;
    if (staff.status === 'INVITED' && status !== 'REMOVED') {
      throw new Refusal('NOT_ALLOWED', 'This person has not taken up their invitation.', [
        'status',
      ]);
    }
    const changes = { status, invitationHash: null, invitedAt: null, invitationEndsAt: null };
    return change(tx, staff, changes, { action: 'setStaffStatus', reason, viewer, clock });
  });
}

const localeChange = z.object({ id, locale });

/**
 * Sets the language of a person's mail; one's own, too. The language that they have changes nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED the person holds more than the caller, or a test client asks
 */
export async function setStaffLocale(
  db: Database,
  input: z.input<typeof localeChange>,
  { viewer, clock }: Changing,
): Promise<Staff> {
  const { id: staffId, locale: language } = parseInput(localeChange, input);
  return transaction(db, async (tx) => {
    const staff = await lockStaff(tx, staffId, viewer, { mayBeSelf: true });
    if (staff.locale === language) return staff;
    await tx.update(Staff, { id: staffId }, { locale: language });
    await recordAct(tx, viewer, {
      action: 'setStaffLocale',
      subject: { type: 'Staff', id: staffId },
      before: { locale: staff.locale },
      after: { locale: language },
      at: await clock.now(tx),
    });
    return Object.assign(tx.create(Staff, staff), { locale: language });
  });
}

async function change(
  tx: Database,
  staff: Staff,
  changes: Partial<Staff>,
  { action, reason, viewer, clock }: Changing & { action: string; reason: string },
): Promise<Staff> {
  const changed = Object.assign(tx.create(Staff, staff), changes);
  await tx.update(Staff, { id: staff.id }, changes);
  await recordAct(tx, viewer, {
    action,
    subject: { type: 'Staff', id: staff.id },
    reason,
    before: auditedFields(staff),
    after: auditedFields(changed),
    at: await clock.now(tx),
  });
  return changed;
}

/** What the audit log tells of a person: ids and words of ours, not their name or address. */
export function auditedFields({ role, status, partnerId }: Staff): Record<string, unknown> {
  return { role, status, partnerId };
}

/**
 * Locks a person whom the caller may change: one of its own organisation, or for the coalition's staff
 * anybody, whose role gives no more than the caller holds, and who is not the caller unless it may be.
 *
 * @throws Refusal NOT_FOUND; NOT_ALLOWED
 */
export async function lockStaff(
  tx: Database,
  staffId: string,
  viewer: Viewer,
  { mayBeSelf = false } = {},
): Promise<Staff> {
  const staff = await tx.findOne(Staff, {
    where: { id: staffId },
    lock: { mode: 'pessimistic_write' },
  });
  const isOwn = viewer.audience === 'ADMIN' || staff?.partnerId === viewer.partnerId;
  if (!staff || !isOwn || staff.status === 'REMOVED') {
    throw new Refusal('NOT_FOUND', 'There is no such person.', ['id']);
  }
  // Nobody raises or locks out themselves: whoever changes staff stays behind to undo it.
  if (staff.id === viewer.subject && !mayBeSelf) {
    throw new Refusal('NOT_ALLOWED', 'Another person has to change this.', ['id']);
  }
  requireMayGive(viewer, staff.role, ['id']);
  return staff;
}

/**
 * Lets a caller give a role whose scopes it holds itself. Those of partners are held by partners:
 * staff of the coalition gives them where it manages partners.
 *
 * @throws Refusal NOT_ALLOWED
 */
export function requireMayGive(viewer: Viewer, role: StaffRole, path = ['role']): void {
  requireNoSandbox(viewer);
  const isForPartner = viewer.audience === 'ADMIN' && isPartnerRole(role);
  const needed = isForPartner ? (['PARTNERS_MANAGE'] as const) : scopesOfRole(role);
  if (needed.every((scope) => viewer.scopes.includes(scope))) return;
  throw new Refusal('NOT_ALLOWED', 'This role gives what you do not hold.', path);
}

export interface StaffRequest extends PageRequest {
  partnerId?: string | null | undefined;
}

/**
 * The people of an organisation, the last invited first: of the partner that is named, or the
 * caller's own. Those who were removed are not among them.
 *
 * @returns null where a partner asks for another, or with a test client
 */
export async function listStaff(
  db: Database,
  { partnerId: asked, ...request }: StaffRequest,
  { viewer, limits }: { viewer: Viewer; limits: Limits },
): Promise<Connection<Staff> | null> {
  const partnerId = asked == null ? viewer.partnerId : parseInput(id, asked, ['partnerId']);
  const isOwn = viewer.audience === 'ADMIN' || partnerId === viewer.partnerId;
  if (!isOwn || viewer.sandbox) return null;
  const page = readNewestPage(request, limits);
  const where = new Where().and(`one.status <> 'REMOVED'`);
  if (partnerId === null) where.and('one.partner_id IS NULL');
  else where.and('one.partner_id = ?', partnerId);
  return newestConnection(await readNewest(db, Staff, where, page), page);
}
