import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, insertOnce, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { type MemberSnapshot, memberSnapshots } from '../activities/members.ts';
import { Partner } from '../brands/entities.ts';
import { Offer, OfferActivation } from './entities.ts';
import { endOf } from './offers.ts';

const activation = z.object({ id });

/**
 * Opts a member in: what they do from now on counts. An offer that asks for no opting in counts anyway.
 * Again: the same answer, whatever has changed since.
 *
 * @throws Refusal INVALID; NOT_FOUND it has not started, is for segments that the member is not in, or its
 *   brand takes no part; EXPIRED; MEMBER_INACTIVE; NOT_ELIGIBLE it is for other tiers
 */
export async function activateOffer(
  db: Database,
  input: z.input<typeof activation>,
  { memberId, clock }: { memberId: string; clock: Clock },
): Promise<Offer> {
  const { id: offerId } = parseInput(activation, input);
  return transaction(db, async (tx) => {
    const offer = await tx.findOneBy(Offer, { id: offerId });
    if (offer && (await tx.existsBy(OfferActivation, { memberId, offerId }))) return offer;
    const at = await clock.now(tx);
    const member = (await memberSnapshots(tx, [memberId], at)).get(memberId);
    const isShown = offer && member && (await isShownTo(tx, offer, member, at));
    if (!isShown) throw new Refusal('NOT_FOUND', 'There is no such offer.', ['id']);
    if (endOf(offer) <= at) throw new Refusal('EXPIRED', 'This offer has ended.', ['id']);
    if (member.status !== 'ACTIVE') {
      throw new Refusal('MEMBER_INACTIVE', 'This member cannot opt in now.');
    }
    if (!isForTier(offer, member)) {
      throw new Refusal('NOT_ELIGIBLE', 'This offer is for other tiers.', ['id']);
    }
    if (offer.optIn) {
      const row = { memberId, offerId, activatedBy: memberId, activatedAt: at };
      await insertOnce(tx, OfferActivation, row, ['memberId', 'offerId', 'activatedBy']);
    }
    return offer;
  });
}

async function isShownTo(
  tx: Database,
  offer: Offer,
  member: MemberSnapshot,
  at: Date,
): Promise<boolean> {
  const { publishedAt, startsAt } = offer;
  if (!publishedAt || startsAt > at || !isForSegments(offer, member)) return false;
  // It was ended before anybody knew of it.
  if (endOf(offer) <= startsAt) return false;
  return tx.existsBy(Partner, { id: offer.partnerId, status: 'LIVE' });
}

type Standing = Pick<MemberSnapshot, 'tier' | 'segments'>;

export function isForTier({ tiers }: Pick<Offer, 'tiers'>, { tier }: Standing): boolean {
  return tiers.length === 0 || (tier !== null && tiers.includes(tier));
}

export function isForSegments({ segments }: Pick<Offer, 'segments'>, member: Standing): boolean {
  return segments.length === 0 || segments.some((each) => member.segments.includes(each));
}
