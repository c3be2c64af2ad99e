import { fieldsOrUserErrors, orUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
import { createApiClient, revokeApiClient } from './api-clients.ts';
import { rotateApiClient } from './rotations.ts';

export const resolvers: Resolvers = {
  Mutation: {
    createApiClient: (_, { input }, { db, viewer, clock, config }) =>
      fieldsOrUserErrors(() =>
        createApiClient(db, input, { viewer, clock, sealKey: config.sealKey }),
      ),
    rotateApiClient: (_, rotation, { db, viewer, clock, config }) =>
      fieldsOrUserErrors(() =>
        rotateApiClient(db, rotation, { viewer, clock, sealKey: config.sealKey }),
      ),
    revokeApiClient: (_, client, { db, viewer, clock }) =>
      orUserErrors('partner', () => revokeApiClient(db, client, { viewer, clock })),
  },

  Partner: {
    apiClients: (partner, _, { loaders }) => loaders.apiClientsOf.load(partner.id),
  },

  ApiClient: {
    authentication: ({ keys }) => (keys ? 'PRIVATE_KEY' : 'SECRET'),
  },
};
