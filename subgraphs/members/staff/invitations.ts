import { randomUUID } from 'node:crypto';
import { IsNull, Not } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { newToken, tokenHash } from '../../../platform/codes.ts';
import type { Config } from '../../../platform/config.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { email, id, parseInput, title } from '../../../platform/input.ts';
import type { Mail, Message } from '../../../platform/mail.ts';
import { isPartnerRole, staffRoles } from '../../../platform/roles.ts';
import { type Viewer, requireOwn } from '../../../platform/viewer.ts';
import { emailKeyOf } from '../membership/members.ts';
import { locale } from '../membership/profiles.ts';
import { Staff } from './entities.ts';
import { auditedFields, lockStaff, requireMayGive } from './staff.ts';
import { staffWords } from './words.ts';

const lifetimeMs = 72 * 60 * 60_000;
/** Between two mails to one person. */
const pauseMs = 60_000;
/** People of one organisation, those who were removed not counted. */
const staffMax = 1_000;

const invitation = z
  .object({
    email,
    name: title,
    role: z.enum(staffRoles),
    partnerId: id.nullish(),
    locale: locale.nullish(),
  })
  .refine(({ role, partnerId }) => isPartnerRole(role) === (partnerId != null), {
    message: 'goes with the roles of partners, and with no other',
    path: ['partnerId'],
  });

export type InviteStaff = z.input<typeof invitation>;

/** Who invites, and by what means. */
export interface Inviter {
  viewer: Viewer;
  clock: Clock;
  mail: Mail;
  config: Pick<Config, 'issuer' | 'embeddedIssuer'>;
}

/**
 * Invites a person to work for the coalition, or for a partner: mails a link, good once and for 72
 * hours, by which they set up their second factor. The same call again, while the invitation is out,
 * answers with the same person and mails nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND there is no such partner; PARTNER_INACTIVE it has left;
 *   NOT_ALLOWED the role gives what the caller does not hold, a test client asks, or another issuer
 *   signs people in; CONFLICT the address is in the organisation already, with that person's id;
 *   LIMIT_REACHED the organisation is full
 */
export async function inviteStaff(
  db: Database,
  input: InviteStaff,
  { viewer, clock, mail, config }: Inviter,
): Promise<Staff> {
  const { email: address, name, role, partnerId = null, ...rest } = parseInput(invitation, input);
  requireOwnIssuer(config);
  if (partnerId) requireOwn(viewer, partnerId);
  requireMayGive(viewer, role);
  const wanted = {
    email: address,
    emailKey: emailKeyOf(address),
    name,
    role,
    locale: rest.locale ?? 'en',
    partnerId,
  };
  const token = newToken();
  const { staff, isNew } = await transaction(db, async (tx) => {
    await lockOrganisation(tx, partnerId);
    const known = await findInOrganisation(tx, wanted);
    if (known) return { staff: repeatedInvitation(known, wanted), isNew: false };
    const at = await clock.now(tx);
    const staff = tx.create(Staff, {
      ...wanted,
      id: randomUUID(),
      status: 'INVITED',
      createdAt: at,
      acceptedAt: null,
      ...linkOf(token, at),
    });
    await tx.insert(Staff, staff);
    const subject = { type: 'Staff', id: staff.id };
    await recordAct(tx, viewer, {
      action: 'inviteStaff',
      subject,
      after: auditedFields(staff),
      at,
    });
    return { staff, isNew: true };
  });
  if (isNew) mail.send(messageTo(staff, token, config));
  return staff;
}

const reinvitation = z.object({ id });

/**
 * Mails a new link to who has not taken up the first, or has lost their second factor: the last link
 * is void, and they cannot sign in until they take the new one up.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED as for `changeStaffRole`, or the person is suspended;
 *   LIMIT_REACHED a mail went out less than a minute ago
 */
export async function reinviteStaff(
  db: Database,
  input: z.input<typeof reinvitation>,
  { viewer, clock, mail, config }: Inviter,
): Promise<Staff> {
  const { id: staffId } = parseInput(reinvitation, input);
  requireOwnIssuer(config);
  const token = newToken();
  const staff = await transaction(db, async (tx) => {
    const found = await lockStaff(tx, staffId, viewer);
    if (found.status === 'SUSPENDED') {
      throw new Refusal('NOT_ALLOWED', 'This person is suspended.', ['id']);
    }
    const at = await clock.now(tx);
    if (found.invitedAt && at.getTime() - found.invitedAt.getTime() < pauseMs) {
      throw new Refusal('LIMIT_REACHED', 'An invitation went out just now.', ['id'], {
        retryAt: new Date(found.invitedAt.getTime() + pauseMs),
      });
    }
    const changes = { status: 'INVITED' as const, ...linkOf(token, at) };
    const invited = Object.assign(tx.create(Staff, found), changes);
    await tx.update(Staff, { id: staffId }, changes);
    await recordAct(tx, viewer, {
      action: 'reinviteStaff',
      subject: { type: 'Staff', id: staffId },
      before: auditedFields(found),
      after: auditedFields(invited),
      at,
    });
    return invited;
  });
  mail.send(messageTo(staff, token, config));
  return staff;
}

/** People of another issuer are known there alone. */
function requireOwnIssuer({ embeddedIssuer }: Inviter['config']): void {
  if (embeddedIssuer) return;
  throw new Refusal('NOT_ALLOWED', 'Another issuer signs people in: staff is kept there.');
}

/** One at a time in an organisation: parallel calls would all find the address free, and room. */
async function lockOrganisation(tx: Database, partnerId: string | null): Promise<void> {
  const name = `staff ${partnerId ?? 'of the coalition'}`;
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  if (!partnerId) return;
  const [partner] = await rows<{ status: string }>(
    tx,
    'SELECT status FROM partners.snapshot(ARRAY[$1::uuid])',
    [partnerId],
  );
  if (!partner) throw new Refusal('NOT_FOUND', 'There is no such partner.', ['partnerId']);
  if (partner.status === 'TERMINATED') {
    throw new Refusal('PARTNER_INACTIVE', 'This partner has left.', ['partnerId']);
  }
}

/** Who has the address there; null where nobody has, and there is room for one more. */
async function findInOrganisation(
  tx: Database,
  { emailKey, partnerId }: Pick<Staff, 'emailKey' | 'partnerId'>,
): Promise<Staff | null> {
  const there = { partnerId: partnerId ?? IsNull(), status: Not('REMOVED' as const) };
  const known = await tx.findOneBy(Staff, { ...there, emailKey });
  if (!known && (await tx.countBy(Staff, there)) >= staffMax) {
    throw new Refusal('LIMIT_REACHED', `An organisation has ${staffMax} people at most.`, [], {
      limit: String(staffMax),
    });
  }
  return known;
}

function repeatedInvitation(known: Staff, wanted: Pick<Staff, 'name' | 'role' | 'locale'>): Staff {
  const isSame =
    known.name === wanted.name && known.role === wanted.role && known.locale === wanted.locale;
  if (known.status === 'INVITED' && isSame) return known;
  throw new Refusal('CONFLICT', 'This address is in the organisation already.', ['email'], {
    subject: known.id,
  });
}

function linkOf(
  token: string,
  at: Date,
): Pick<Staff, 'invitationHash' | 'invitedAt' | 'invitationEndsAt'> {
  return {
    invitationHash: tokenHash(token),
    invitedAt: at,
    invitationEndsAt: new Date(at.getTime() + lifetimeMs),
  };
}

// Nothing that the inviter wrote stands in a mail, or strangers could send their words with it.
function messageTo(
  { email: to, locale: language }: Staff,
  token: string,
  { issuer }: Inviter['config'],
): Message {
  const link = `${issuer.replace(/\/$/, '')}/invitation?token=${token}`;
  const { title: subject, body } = staffWords('staff.invited', { link }, language);
  return { to, subject, text: `${body}\n` };
}
