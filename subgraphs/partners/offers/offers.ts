import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type Viewer, isOwn, requireNoSandbox, requireOwn } from '../../../platform/viewer.ts';
import { lockPartner, requireNotTerminated } from '../brands/partners.ts';
import { Offer, OfferBudget } from './entities.ts';
import { offerInput, requireKnown } from './offer-inputs.ts';

/** Each activity is asked about all that run. */
const publishedMax = 20;

export type CreateOffer = z.input<typeof offerInput>;

interface Caller {
  viewer: Viewer;
  clock: Clock;
}

/**
 * Drafts a campaign: nobody but the partner and staff sees it, and it counts for nothing. The same again
 * makes another draft.
 *
 * @throws Refusal INVALID with the path of the field at fault, also of a rule, a tier or a segment that the
 *   program does not have, or a partner who takes no part; NOT_FOUND; NOT_ALLOWED to a test client, or the
 *   partner is gone
 */
export async function createOffer(
  db: Database,
  input: CreateOffer,
  { viewer, clock }: Caller,
): Promise<Offer> {
  const { partnerId, terms } = parseInput(offerInput, input);
  requireOwn(viewer, partnerId);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    requireNotTerminated(await lockPartner(tx, partnerId, ['partnerId']));
    await requireKnown(tx, terms, viewer);
    const offer = tx.create(Offer, {
      id: randomUUID(),
      partnerId,
      version: 1,
      ...terms,
      changedBy: authorOf(viewer),
      publishedAt: null,
      endedAt: null,
    });
    await tx.insert(Offer, offer);
    await recordAct(tx, viewer, {
      action: 'createOffer',
      subject: { type: 'Offer', id: offer.id },
      after: { partnerId, ...terms },
      at: await clock.now(tx),
    });
    return offer;
  });
}

const named = z.object({ id, expectedVersion: z.int().nullish() });

/**
 * Makes a draft what the input says, as a whole. Of calls that go by the same version, one is first, and the
 * others are refused; a call that names none overwrites only what the caller wrote.
 *
 * @throws Refusal as `createOffer`; INVALID also for another partner; NOT_ALLOWED it is published; CONFLICT it
 *   has another version than expected, or none was named and somebody else has written it
 */
export async function updateOffer(
  db: Database,
  { input, ...given }: z.input<typeof named> & { input: CreateOffer },
  { viewer, clock }: Caller,
): Promise<Offer> {
  const { id: offerId, expectedVersion } = parseInput(named, given);
  const { partnerId, terms } = parseInput(offerInput, input);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    const offer = await lockOwn(tx, offerId, viewer);
    if (offer.publishedAt) throw new Refusal('NOT_ALLOWED', 'This offer is published.', ['id']);
    if (offer.partnerId !== partnerId) {
      throw new Refusal('INVALID', 'The offer is another partner’s.', ['partnerId']);
    }
    requireVersion(offer, expectedVersion);
    if (expectedVersion == null && offer.changedBy !== authorOf(viewer)) {
      const message = `Somebody else wrote version ${offer.version}: name it, to overwrite it.`;
      throw new Refusal('CONFLICT', message, ['expectedVersion']);
    }
    await requireKnown(tx, terms, viewer);
    const keys = Object.keys(terms) as (keyof typeof terms)[];
    const before = Object.fromEntries(keys.map((name) => [name, offer[name]]));
    await recordAct(tx, viewer, {
      action: 'updateOffer',
      subject: { type: 'Offer', id: offer.id },
      before,
      after: terms,
      at: await clock.now(tx),
    });
    const { version } = offer;
    const written = { ...terms, version: version + 1, changedBy: authorOf(viewer) };
    return tx.save(Object.assign(offer, written));
  });
}

/**
 * Publishes a draft, for good: from its start on it counts. Again: the same answer.
 *
 * @throws Refusal INVALID; NOT_FOUND; CONFLICT it has another version than expected; NOT_ALLOWED to a test client, to a partner where others pay a share,
 *   or the partner is gone; EXPIRED its time is over; LIMIT_REACHED 20 of the partner's are not over
 */
export async function publishOffer(
  db: Database,
  input: z.input<typeof named>,
  { viewer, clock }: Caller,
): Promise<Offer> {
  const { id: offerId, expectedVersion } = parseInput(named, input);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    const { partnerId } = await findOwn(tx, offerId, viewer);
    const partner = await lockPartner(tx, partnerId, ['id']);
    const offer = await lockOwn(tx, offerId, viewer);
    requireVersion(offer, expectedVersion);
    if (offer.publishedAt) return offer;
    requireNotTerminated(partner);
    requireOwnMoney(offer, viewer);
    const at = await clock.now(tx);
    if (offer.endsAt <= at) throw new Refusal('EXPIRED', 'Its time is over.', ['id']);
    await requirePlace(tx, partnerId, at);
    await openBudget(tx, offer);
    await recordAct(tx, viewer, {
      action: 'publishOffer',
      subject: { type: 'Offer', id: offer.id },
      after: { publishedAt: at, version: offer.version },
      at,
    });
    return tx.save(Object.assign(offer, { publishedAt: at }));
  });
}

/** Nobody spends what is another's: staff publish what others pay, who have asked them. */
function requireOwnMoney({ partnerId, funding }: Offer, { audience }: Viewer): void {
  if (audience === 'ADMIN' || funding.every((share) => share.partnerId === partnerId)) return;
  const message = 'Others pay a share of it: the coalition publishes it.';
  throw new Refusal('NOT_ALLOWED', message, ['id'], { subject: 'FUNDING' });
}

async function requirePlace(tx: Database, partnerId: string, at: Date): Promise<void> {
  const [running] = await rows<{ count: number }>(
    tx,
    `SELECT count(*)::integer AS count FROM partners.offer
     WHERE partner_id = $1 AND published_at IS NOT NULL AND coalesce(ended_at, ends_at) > $2`,
    [partnerId, at],
  );
  if (running!.count < publishedMax) return;
  const message = `A partner has ${publishedMax} offers at once: end one first.`;
  throw new Refusal('LIMIT_REACHED', message, ['id']);
}

async function openBudget(tx: Database, { id: offerId, budget }: Offer): Promise<void> {
  if (budget === null) return;
  const halves = [false, true].map((sandbox) => ({ offerId, sandbox, points: budget, spent: 0n }));
  await tx.insert(OfferBudget, halves);
}

/**
 * Ends an offer at once: what happens from now on does not count. Again, or after its end: the same answer.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED to a test client, or it is a draft
 */
export async function endOffer(
  db: Database,
  input: { id: string },
  { viewer, clock }: Caller,
): Promise<Offer> {
  const { id: offerId } = parseInput(named, input);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    const offer = await lockOwn(tx, offerId, viewer);
    if (!offer.publishedAt) throw new Refusal('NOT_ALLOWED', 'It is a draft.', ['id']);
    const at = await clock.now(tx);
    if (endOf(offer) <= at) return offer;
    await recordAct(tx, viewer, {
      action: 'endOffer',
      subject: { type: 'Offer', id: offer.id },
      before: { endsAt: offer.endsAt },
      after: { endsAt: at },
      at,
    });
    return tx.save(Object.assign(offer, { endedAt: at }));
  });
}

function requireVersion({ version }: Offer, expected: number | null | undefined): void {
  if (expected == null || expected === version) return;
  const message = `The offer is at version ${version} by now.`;
  throw new Refusal('CONFLICT', message, ['expectedVersion']);
}

/** Who writes a draft, as rule sets note it, too. */
function authorOf({ subject, audience }: Viewer): string {
  return subject ?? audience;
}

/** What belongs to others is not there. */
async function findOwn(tx: Database, offerId: string, viewer: Viewer): Promise<Offer> {
  return requireFound(await tx.findOneBy(Offer, { id: offerId }), viewer);
}

/** Not its key: activities that it gives points for refer to it, and do not wait. */
async function lockOwn(tx: Database, offerId: string, viewer: Viewer): Promise<Offer> {
  const lock = { mode: 'for_no_key_update' } as const;
  return requireFound(await tx.findOne(Offer, { where: { id: offerId }, lock }), viewer);
}

function requireFound(offer: Offer | null, viewer: Viewer): Offer {
  if (offer && isOwn(viewer, offer.partnerId)) return offer;
  throw new Refusal('NOT_FOUND', 'There is no such offer.', ['id']);
}

/** The first instant that an offer is not for. */
export function endOf({ endedAt, endsAt }: Pick<Offer, 'endedAt' | 'endsAt'>): Date {
  return endedAt ?? endsAt;
}

export type OfferStatus = 'DRAFT' | 'SCHEDULED' | 'ACTIVE' | 'ENDED';

/** Where an offer stands at an instant. */
export function statusOf(offer: Offer, at: Date): OfferStatus {
  if (!offer.publishedAt) return 'DRAFT';
  if (endOf(offer) <= at) return 'ENDED';
  return offer.startsAt > at ? 'SCHEDULED' : 'ACTIVE';
}
