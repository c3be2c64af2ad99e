import { z } from 'zod';
import { listSeals } from '../../../ledger/index.ts';
import { connection, readPage } from '../../../platform/paging.ts';
import type { Resolvers } from '../types.generated.ts';

const sealKeys = z.tuple([z.string().regex(/^\d{1,18}$/)]);

export const resolvers: Resolvers = {
  Query: {
    ledgerSeals: async (_, asked, { db, config }) => {
      const page = readPage(asked, sealKeys, config.limits);
      return connection(await listSeals(db, page), page, ({ number }) => [String(number)]);
    },
  },

  LedgerSeal: {
    number: ({ number }) => Number(number),
  },
};
