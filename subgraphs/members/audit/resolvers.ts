import { Program } from '../program/entities.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { listActs, readAuditPage } from './audit-log.ts';

export const resolvers: Resolvers = {
  Query: {
    auditLog: async (_, { filter, ...asked }, { db, config }) => {
      const page = readAuditPage(asked, config.limits);
      const { timeZone } = await db.findOneByOrFail(Program, {});
      return listActs(db, filter ?? {}, { page, timeZone });
    },
  },

  AuditEvent: {
    partner: ({ partnerId }) => partnerStub(partnerId),
    subject: ({ subjectType, subjectId }) => `${subjectType}:${subjectId}`,
  },
};
