import { orUserErrors } from '../../../platform/errors.ts';
import { connection, readNewestPage, readPage } from '../../../platform/paging.ts';
import type { Resolvers } from '../types.generated.ts';
import type { ActivityImport } from './entities.ts';
import { followImport } from './followed.ts';
import { rejectionKeys, rejectionsAfter } from './lists.ts';
import { cancelImport, findImport, startImport } from './starting.ts';
import { dropUpload, keepUploadPiece } from './uploads.ts';

export const resolvers: Resolvers = {
  Query: {
    activityImport: (_, { id }, { db }) => findImport(db, id),
  },

  Mutation: {
    startImport: (_, { input }, { db, viewer, clock, config: { limits } }) =>
      orUserErrors('activityImport', () => startImport(db, input, { viewer, clock, limits })),
    cancelImport: (_, { id }, { db, viewer, clock }) =>
      orUserErrors('activityImport', () => cancelImport(db, id, { viewer, clock })),
    uploadActivities: (_, piece, { db, viewer, clock, config: { limits } }) =>
      orUserErrors('upload', () => keepUploadPiece(db, piece, { viewer, clock, limits })),
    dropUpload: (_, { id }, { db, viewer, clock }) =>
      orUserErrors('upload', () => dropUpload(db, id, { viewer, clock })),
  },

  Subscription: {
    importProgressed: {
      subscribe: (_, { id }, context) => followImport(id, context),
      resolve: (row: ActivityImport) => row,
    },
  },

  Partner: {
    imports: async (partner, asked, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      const read = await loaders.importsOf(partner.id, { page });
      return connection(read, page, ({ startedAt, id }) => [startedAt.toISOString(), id]);
    },
  },

  ActivityImport: {
    __resolveReference: ({ id }, { loaders }) => loaders.activityImport.load(id),
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
    rejections: async ({ id }, asked, { loaders, config }) => {
      const page = readPage(asked, rejectionKeys, config.limits);
      const read = await loaders.rejectionsOf(id, { page });
      return connection(read, page, ({ line }) => [String(line)]);
    },
    rejectionsAfter: ({ id }, { line }, { db, config: { limits } }) =>
      rejectionsAfter(db, id, { line, max: limits.rejectionsAtOnce }),
    rejectionsUrl: ({ id, rejected }, _, { config }) =>
      rejected > 0 ? `${config.publicUrl}/imports/${id}/rejections.csv` : null,
  },
};
