import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openPartner } from '../../ledger/index.ts';
import { type Database, transaction } from '../../platform/database.ts';
import { Refusal, badInput } from '../../platform/errors.ts';
import { code, email, id, parseInput, title, url } from '../../platform/input.ts';
import type { Page } from '../../platform/paging.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { Partner } from './entities.ts';
import { readOnboarding } from './onboarding.ts';

const invitation = z.object({
  code,
  name: title,
  kind: z.enum(['AIRLINE', 'HOTEL', 'CARD_ISSUER', 'RETAILER', 'MOBILITY', 'EMPLOYER', 'OTHER']),
  contactEmail: email,
  website: url.nullish(),
});

/**
 * Invites a brand to take part: a DRAFT, which nobody but itself and staff sees.
 *
 * @throws Refusal INVALID; CONFLICT another partner has the code, its id in the details
 */
export function invitePartner(db: Database, input: unknown, at: Date): Promise<Partner> {
  const { website = null, ...invited } = parseInput(invitation, input);
  return transaction(db, async (tx) => {
    const partner = tx.create(Partner, {
      id: randomUUID(),
      ...invited,
      status: 'DRAFT',
      description: null,
      website,
      createdAt: at,
    });
    const { raw } = await tx
      .createQueryBuilder()
      .insert()
      .into(Partner)
      .values(partner)
      .orIgnore()
      .returning('id')
      .execute();
    if ((raw as unknown[]).length > 0) return partner;
    const { id: subject } = await tx.findOneByOrFail(Partner, { code: partner.code });
    throw new Refusal('CONFLICT', 'Another partner has this code.', ['code'], { subject });
  });
}

/**
 * Makes a partner LIVE, a suspended one too: from now on its members earn, and its points exist in
 * the ledger. Again: the same answer.
 *
 * @param today the day in the program's time zone
 * @throws Refusal NOT_FOUND; NOT_ALLOWED a step of onboarding is not done, or the partner is gone
 */
export function activatePartner(
  db: Database,
  partnerId: string,
  { at, today }: { at: Date; today: string },
): Promise<Partner> {
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['id']);
    if (partner.status === 'LIVE') return partner;
    requireNotTerminated(partner);
    const onboarding = (await readOnboarding(tx, [partner.id], { at, today })).get(partner.id)!;
    if (!onboarding.readyForLive) {
      const open = onboarding.steps.filter(({ done }) => !done).map((step) => step.code);
      throw new Refusal('NOT_ALLOWED', 'The partner is not ready to go live.', ['id'], {
        subject: open.join(', '),
      });
    }
    await openPartner(tx, partner.id);
    partner.status = 'LIVE';
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
    where: { id: parseInput(id, partnerId, path) },
    lock: { mode: 'pessimistic_write' },
  });
  if (!partner) throw new Refusal('NOT_FOUND', 'There is no such partner.', path);
  return partner;
}

/** @throws Refusal NOT_ALLOWED */
export function requireNotTerminated({ status }: Partner): void {
  if (status !== 'TERMINATED') return;
  throw new Refusal('NOT_ALLOWED', 'This partner has left the coalition.', [], { subject: status });
}

/** A partner acts for itself alone. @throws Refusal NOT_FOUND for another one's id */
export function requireOwn(viewer: Viewer, partnerId: string): void {
  if (viewer.audience === 'PARTNER' && viewer.partnerId !== partnerId) {
    throw new Refusal('NOT_FOUND', 'There is no such partner.', ['partnerId']);
  }
}

/**
 * The partner with this id or code. Those that are not LIVE are found by themselves and by staff.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one is given
 */
export async function findPartner(
  db: Database,
  by: { id?: string | null | undefined; code?: string | null | undefined },
  viewer: Viewer,
): Promise<Partner | null> {
  if ((by.id == null) === (by.code == null)) {
    throw badInput('Exactly one of id and code is given.');
  }
  const wanted =
    by.id != null
      ? { id: parseInput(id, by.id, ['id']) }
      : { code: parseInput(code, by.code, ['code']) };
  const partner = await db.findOneBy(Partner, wanted);
  if (!partner) return null;
  const isOwn = viewer.audience === 'ADMIN' || viewer.partnerId === partner.id;
  return isOwn || partner.status === 'LIVE' ? partner : null;
}

export interface PartnerFilter {
  kind?: Partner['kind'] | null | undefined;
  status?: Partner['status'] | null | undefined;
  /** Part of the name or the code, in any case. */
  search?: string | null | undefined;
}

/**
 * Partners by name: LIVE ones, for staff those of the status that it asks for, or all.
 *
 * @param page its keys are name and id
 * @returns at most one row more than the page has
 */
export function listPartners(
  db: Database,
  filter: PartnerFilter,
  page: Page,
  viewer: Viewer,
): Promise<Partner[]> {
  const status = viewer.audience === 'ADMIN' ? filter.status : 'LIVE';
  const query = db.createQueryBuilder(Partner, 'p').orderBy('p.name').addOrderBy('p.id');
  if (filter.kind) query.andWhere('p.kind = :kind', { kind: filter.kind });
  if (status) query.andWhere('p.status = :status', { status });
  if (filter.search) {
    const part = parseInput(title, filter.search, ['search']);
    const search = `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query.andWhere('(p.name ILIKE :search OR p.code ILIKE :search)', { search });
  }
  if (page.after) {
    const [name, afterId] = page.after;
    query.andWhere('(p.name, p.id) > (:name, :afterId)', { name, afterId });
  }
  return query.limit(page.first + 1).getMany();
}
