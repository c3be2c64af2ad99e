import { orUserErrors } from '../../../platform/errors.ts';
import { requireMember } from '../../../platform/viewer.ts';
import type { Resolvers } from '../types.generated.ts';
import { eraseMember, findErasure } from './erasures.ts';
import { exportMyData, findExport, pieceOf } from './exports.ts';

export const resolvers: Resolvers = {
  Query: {
    dataExport: (_, { id }, { db, clock }) => findExport(db, id, clock),
    erasure: (_, { id }, { db }) => findErasure(db, id),
  },

  Mutation: {
    exportMyData: (_, _input, { db, viewer, clock }) =>
      orUserErrors('export', () => exportMyData(db, { memberId: requireMember(viewer), clock })),
    eraseMember: (_, input, { db, viewer, clock }) =>
      orUserErrors('erasure', () => eraseMember(db, input, { viewer, clock })),
  },

  DataExport: {
    status: ({ doneAt }) => (doneAt ? 'DONE' : 'RUNNING'),
    downloadUrl: ({ id, doneAt }, _, { config }) =>
      doneAt ? `${config.publicUrl}/exports/${id}` : null,
    bytes: ({ bytes }) => (bytes === null ? null : Number(bytes)),
    expiresAt: ({ doneAt, expiresAt }) => (doneAt ? expiresAt : null),
    piece: (row, { place }, { db }) => pieceOf(db, row, place),
  },

  Erasure: {
    status: ({ doneAt }) => (doneAt ? 'DONE' : 'RUNNING'),
    receipts: ({ id }, _, { loaders }) => loaders.receiptsOf.load(id),
  },
};
