import { z } from 'zod';
import { orUserErrors } from '../../../platform/errors.ts';
import { connection, readPage } from '../../../platform/paging.ts';
import { requirePartner } from '../../../platform/viewer.ts';
import type { SubgraphContext } from '../loaders.ts';
import type { QueryPartnersArgs, Resolvers } from '../types.generated.ts';
import { activatePartner } from './onboarding.ts';
import {
  countPartners,
  findPartner,
  invitePartner,
  listPartners,
  suspendPartner,
  updatePartner,
} from './partners.ts';
import { terminatePartner } from './terminations.ts';

/** By the name, which is not unique, and the id. */
const partnerKeys = z.tuple([z.string(), z.uuid()]);

const detailsTypes = {
  AIRLINE: 'AirlineDetails',
  HOTEL: 'HotelDetails',
  CARD_ISSUER: 'CardIssuerDetails',
  RETAILER: 'RetailerDetails',
  MOBILITY: 'MobilityDetails',
} as const;

async function pageOf(
  { first, after, ...filter }: QueryPartnersArgs & { first: number },
  { db, viewer, config }: SubgraphContext,
) {
  const page = readPage({ first, after }, partnerKeys, config.limits);
  const read = await listPartners(db, filter, page, viewer);
  return { ...connection(read, page, ({ name, id }) => [name, id]), filter };
}

export const resolvers: Resolvers = {
  Query: {
    partner: (_, by, { db, viewer }) => findPartner(db, by, viewer),
    partners: (_, asked, context) => pageOf(asked, context),
    myPartner: (_, __, { viewer, loaders }) => loaders.partner.load(requirePartner(viewer)),
  },

  PartnerConnection: {
    totalCount: ({ filter }, _, { db, viewer }) => countPartners(db, filter, viewer),
  },

  Program: {
    partners: (_, asked, context) => pageOf(asked, context),
  },

  Mutation: {
    invitePartner: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('partner', () => invitePartner(db, input, { viewer, clock })),
    updatePartner: (_, { id, input }, { db, viewer, clock }) =>
      orUserErrors('partner', () => updatePartner(db, { ...input, id }, { viewer, clock })),
    activatePartner: (_, activation, { db, viewer, clock }) =>
      orUserErrors('partner', () => activatePartner(db, activation, { viewer, clock })),
    suspendPartner: (_, partner, { db, viewer, clock }) =>
      orUserErrors('partner', () => suspendPartner(db, partner, { viewer, clock })),
    terminatePartner: (_, partner, { db, viewer, clock }) =>
      orUserErrors('partner', () => terminatePartner(db, partner, { viewer, clock })),
  },

  Partner: {
    __resolveReference: (partner, { loaders }) => loaders.partner.load(partner.id),
    onboarding: (partner, _, { loaders }) => loaders.onboardingOf.load(partner.id),
  },

  PartnerDetails: {
    __resolveType: ({ kind }) => detailsTypes[kind],
  },
};
