import DataLoader from 'dataloader';
import { Any } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { listLoader, rowLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import { requireMember } from '../../../platform/viewer.ts';
import type { Moment } from '../moment.ts';
import { spentBy } from './budgets.ts';
import { Offer, OfferActivation } from './entities.ts';
import { type AskedOffers, findOffers, offersOf, openOffersOf } from './lists.ts';
import { type OfferProgress, progressOf } from './progress.ts';

export function offerLoaders({ db, viewer }: Context, now: () => Promise<Moment>) {
  const { memberId } = viewer;
  return {
    /** Whoever asks: for rows that name it. */
    offer: rowLoader(db, Offer),

    /** Null for whom it is hidden from. */
    offerShown: new DataLoader<string, Offer | null>(async (offerIds) => {
      const found = await findOffers(db, offerIds, { viewer, at: (await now()).at });
      const byId = new Map(found.map((offer) => [offer.id, offer]));
      return offerIds.map((id) => byId.get(id) ?? null);
    }),

    offersOf: listLoader(
      async (partnerIds, asked: AskedOffers) =>
        offersOf(db, partnerIds, asked, { viewer, at: (await now()).at }),
      ({ partnerId }) => partnerId,
    ),

    openOffersOf: listLoader(
      async (memberIds, { page }: { page: Page }) =>
        openOffersOf(db, memberIds, page, (await now()).at),
      (row) => row.memberId,
    ),

    spentBy: new DataLoader<string, bigint>((offerIds) => spentBy(db, offerIds, viewer.sandbox)),

    /** Whether the member who asks has opted in. */
    isActivated: new DataLoader<string, boolean>(async (offerIds) => {
      const found = memberId
        ? await db.findBy(OfferActivation, { memberId, offerId: Any([...offerIds]) })
        : [];
      const activated = new Set(found.map(({ offerId }) => offerId));
      return offerIds.map((id) => activated.has(id));
    }),

    /** Of the member who asks: nobody else is let through to it. */
    progressOf: new DataLoader<Offer, OfferProgress | null, string>(
      async (offers) => progressOf(db, requireMember(viewer), offers),
      { cacheKeyFn: ({ id }) => id },
    ),
  };
}
