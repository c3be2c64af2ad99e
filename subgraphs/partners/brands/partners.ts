import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openPartner } from '../../../ledger/index.ts';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, insertOnce, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  code,
  email,
  id,
  note,
  parseInput,
  requireOne,
  title,
  url,
} from '../../../platform/input.ts';
import type { Page } from '../../../platform/paging.ts';
import { type Viewer, isOwn, requireNoSandbox, requireOwn } from '../../../platform/viewer.ts';
import { detailsInput, detailsOf } from './details.ts';
import { Partner } from './entities.ts';
import type { PartnerFilter } from './pages.ts';

const invitation = z.object({
  code,
  name: title,
  kind: z.enum(['AIRLINE', 'HOTEL', 'CARD_ISSUER', 'RETAILER', 'MOBILITY', 'EMPLOYER', 'OTHER']),
  contactEmail: email,
  website: url.nullish(),
  ...detailsInput,
});

export type InvitePartner = z.input<typeof invitation>;

/**
 * Invites a brand to take part: a DRAFT, which nobody but itself and staff sees.
 *
 * @throws Refusal INVALID also for particulars of another kind; CONFLICT another partner has the code,
 *   its id in the details
 */
export async function invitePartner(
  db: Database,
  input: InvitePartner,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Partner> {
  const { code: own, name, kind, contactEmail, website, ...given } = parseInput(invitation, input);
  const details = detailsOf(kind, given, null);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const partner = tx.create(Partner, {
      id: randomUUID(),
      code: own,
      name,
      kind,
      status: 'DRAFT',
      description: null,
      website: website ?? null,
      brandColor: null,
      logoUrl: null,
      details,
      contactEmail,
      createdAt: at,
      suspendedAt: null,
      suspendedBecause: null,
      terminatesOn: null,
      terminatedBecause: null,
      isLimited: false,
    });
    if (!(await insertOnce(tx, Partner, partner, ['code']))) {
      const { id: subject } = await tx.findOneByOrFail(Partner, { code: partner.code });
      throw new Refusal('CONFLICT', 'Another partner has this code.', ['code'], { subject });
    }
    // So that a currency of its own can be saved before the contract is signed that converts it.
    await openPartner(tx, partner.id);
    await recordAct(tx, viewer, {
      action: 'invitePartner',
      subject: { type: 'Partner', id: partner.id },
      after: { code: own, name, kind, contactEmail },
      at,
    });
    return partner;
  });
}

const changes = z.object({
  id,
  name: title.nullish().refine((name) => name !== null, 'cannot be cleared'),
  description: note.nullish(),
  website: url.nullish(),
  brandColor: z
    .string()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, 'must be a colour such as #1a2b3c')
    .nullish(),
  logoUrl: url.nullish(),
  ...detailsInput,
});

export type UpdatePartner = z.input<typeof changes>;

/**
 * Changes what a brand shows of itself: what is left out stays, null clears. Particulars are replaced
 * as a whole.
 *
 * @throws Refusal INVALID also for particulars of another kind; NOT_FOUND also for a partner that
 *   names another; NOT_ALLOWED to a test client, or the partner is gone
 */
export async function updatePartner(
  db: Database,
  input: UpdatePartner,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Partner> {
  const { id: partnerId, ...given } = parseInput(changes, input);
  requireOwn(viewer, partnerId, ['id']);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['id']);
    requireNotTerminated(partner);
    // A default stands in for what is left out, and for no null.
    const {
      description = partner.description,
      website = partner.website,
      brandColor = partner.brandColor,
      logoUrl = partner.logoUrl,
    } = given;
    const name = given.name ?? partner.name;
    const details = detailsOf(partner.kind, given, partner.details);
    const after = { name, description, website, brandColor, logoUrl, details };
    await recordAct(tx, viewer, {
      action: 'updatePartner',
      subject: { type: 'Partner', id: partner.id },
      before: shown(partner),
      after,
      at: await clock.now(tx),
    });
    return tx.save(Object.assign(partner, after));
  });
}

/** What a brand shows of itself, and may change. */
function shown({ name, description, website, brandColor, logoUrl, details }: Partner) {
  return { name, description, website, brandColor, logoUrl, details };
}

const suspension = z.object({ id, reason: note });

export type SuspendPartner = z.input<typeof suspension>;

/**
 * Takes a brand out of the coalition until it is activated again: from now on it is absent from
 * lists, nothing is earned or redeemed with it, and its clients get no tokens. Members keep their
 * points. Again: the same answer, and the first reason stays.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED the partner is gone
 */
export async function suspendPartner(
  db: Database,
  input: SuspendPartner,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Partner> {
  const { id: partnerId, reason } = parseInput(suspension, input);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['id']);
    if (partner.status === 'SUSPENDED') return partner;
    requireNotTerminated(partner);
    const at = await clock.now(tx);
    await recordAct(tx, viewer, {
      action: 'suspendPartner',
      subject: { type: 'Partner', id: partner.id },
      reason,
      before: { status: partner.status },
      after: { status: 'SUSPENDED' },
      at,
    });
    partner.status = 'SUSPENDED';
    partner.suspendedAt = at;
    partner.suspendedBecause = reason;
    return tx.save(partner);
  });
}

/**
 * The partner, locked: what changes its versions waits here for one another.
 *
 * @param path of the input field that names the partner
 * @throws Refusal NOT_FOUND
 */
export async function lockPartner(
  tx: Database,
  partnerId: string,
  path: string[],
): Promise<Partner> {
  const partner = await tx.findOne(Partner, {
    where: { id: partnerId },
    // Not its key: activities that are posted meanwhile refer to the partner, and do not wait.
    lock: { mode: 'for_no_key_update' },
  });
  if (!partner) throw new Refusal('NOT_FOUND', 'There is no such partner.', path);
  return partner;
}

/** @throws Refusal NOT_ALLOWED */
export function requireNotTerminated({ status }: Partner): void {
  if (status !== 'TERMINATED') return;
  throw new Refusal('NOT_ALLOWED', 'This partner has left the coalition.', [], { subject: status });
}

/**
 * The partner with this id or code. Those that are not LIVE are found by themselves and by staff.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one is given
 * @throws Refusal INVALID
 */
export async function findPartner(
  db: Database,
  by: { id?: string | null; code?: string | null },
  viewer: Viewer,
): Promise<Partner | null> {
  requireOne(by, ['id', 'code']);
  const wanted =
    by.id != null
      ? { id: parseInput(id, by.id, ['id']) }
      : { code: parseInput(code, by.code, ['code']) };
  const partner = await db.findOneBy(Partner, wanted);
  if (!partner) return null;
  return isOwn(viewer, partner.id) || partner.status === 'LIVE' ? partner : null;
}

/**
 * Partners by name: LIVE ones, for staff those of the status that it asks for, or all.
 *
 * @param page its keys are name and id
 * @returns at most one row more than the page has
 * @throws Refusal INVALID
 */
export async function listPartners(
  db: Database,
  filter: PartnerFilter,
  page: Page,
  viewer: Viewer,
): Promise<Partner[]> {
  const query = partnersFound(db, filter, viewer).orderBy('p.name').addOrderBy('p.id');
  if (page.after) {
    const [name, afterId] = page.after;
    query.andWhere('(p.name, p.id) > (:name, :afterId)', { name, afterId });
  }
  return query.limit(page.first + 1).getMany();
}

/** How many partners all pages of such a list have. */
export function countPartners(
  db: Database,
  filter: PartnerFilter,
  viewer: Viewer,
): Promise<number> {
  return partnersFound(db, filter, viewer).getCount();
}

function partnersFound(db: Database, filter: PartnerFilter, viewer: Viewer) {
  const status = viewer.audience === 'ADMIN' ? filter.status : 'LIVE';
  const query = db.createQueryBuilder(Partner, 'p');
  if (filter.kind) query.andWhere('p.kind = :kind', { kind: filter.kind });
  if (status) query.andWhere('p.status = :status', { status });
  if (filter.search) {
    const part = parseInput(title, filter.search, ['search']);
    const search = `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query.andWhere('(p.name ILIKE :search OR p.code ILIKE :search)', { search });
  }
  return query;
}
