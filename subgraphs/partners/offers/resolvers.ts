import { orUserErrors } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import {
  type Connection,
  type Page,
  type PageRequest,
  connection,
  readNewestPage,
} from '../../../platform/paging.ts';
import { requireMember } from '../../../platform/viewer.ts';
import { offerSummaryOf } from '../earning/summaries.ts';
import type { SubgraphContext } from '../loaders.ts';
import type { Resolvers } from '../types.generated.ts';
import { activateOffer } from './activations.ts';
import type { Offer } from './entities.ts';
import { listOffers } from './lists.ts';
import {
  type OfferStatus,
  createOffer,
  endOf,
  endOffer,
  publishOffer,
  statusOf,
  updateOffer,
} from './offers.ts';

function offerConnection(read: Offer[], page: Page): Connection<Offer> {
  return connection(read, page, ({ startsAt, id: offerId }) => [startsAt.toISOString(), offerId]);
}

type Asked = PageRequest & { status?: OfferStatus | null };

async function partnerOffers(
  partnerId: string,
  { status, ...asked }: Asked,
  { loaders, config }: SubgraphContext,
) {
  const page = readNewestPage(asked, config.limits);
  return offerConnection(await loaders.offersOf(partnerId, { status: status ?? null, page }), page);
}

export const resolvers: Resolvers = {
  Query: {
    offer: (_, by, { loaders }) => loaders.offerShown.load(parseInput(id, by.id, ['id'])),
    offers: async (_, { partnerId, status, ...asked }, context) => {
      if (partnerId != null) {
        const given = parseInput(id, partnerId, ['partnerId']);
        return partnerOffers(given, { status: status ?? null, ...asked }, context);
      }
      const { db, viewer, loaders, config } = context;
      const page = readNewestPage(asked, config.limits);
      const { at } = await loaders.now();
      return offerConnection(
        await listOffers(db, { status: status ?? null, page }, { viewer, at }),
        page,
      );
    },
  },

  Mutation: {
    createOffer: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('offer', () => createOffer(db, input, { viewer, clock })),
    updateOffer: (_, given, { db, viewer, clock }) =>
      orUserErrors('offer', () => updateOffer(db, given, { viewer, clock })),
    publishOffer: (_, named, { db, viewer, clock }) =>
      orUserErrors('offer', () => publishOffer(db, named, { viewer, clock })),
    endOffer: (_, named, { db, viewer, clock }) =>
      orUserErrors('offer', () => endOffer(db, named, { viewer, clock })),
    activateOffer: (_, named, { db, viewer, clock }) =>
      orUserErrors('offer', () =>
        activateOffer(db, named, { memberId: requireMember(viewer), clock }),
      ),
  },

  Partner: {
    offers: (partner, asked, context) => partnerOffers(partner.id, asked, context),
  },

  Member: {
    offers: async (member, asked, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      return offerConnection(await loaders.openOffersOf(member.id, { page }), page);
    },
  },

  Offer: {
    __resolveReference: (offer, { loaders }) => loaders.offerShown.load(offer.id),
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
    status: async (offer, _, { loaders }) => statusOf(offer, (await loaders.now()).at),
    endsAt: endOf,
    earningSummary: async (offer, _, { loaders }) => {
      const { today } = await loaders.now();
      const [contract] = await loaders.contractsOn(offer.partnerId, { day: today });
      return contract ? offerSummaryOf(offer, contract.currency) : [];
    },
    spent: ({ id: offerId }, _, { loaders }) => loaders.spentBy.load(offerId),
    activated: ({ id: offerId, optIn }, _, { loaders }) =>
      optIn ? loaders.isActivated.load(offerId) : true,
    progress: (offer, _, { loaders }) => loaders.progressOf.load(offer),
  },

  FundingShare: {
    partner: ({ partnerId }, _, { loaders }) =>
      partnerId ? loaders.partner.load(partnerId) : null,
  },
};
