import { orUserErrors } from '../../../platform/errors.ts';
import type { Resolvers } from '../types.generated.ts';
import { ratesInto, setExchangeRates } from './rates.ts';

export const resolvers: Resolvers = {
  Query: {
    exchangeRates: async (_, { to, on }, { db, loaders }) =>
      ratesInto(db, to, on ?? (await loaders.now()).today),
  },

  Mutation: {
    setExchangeRates: (_, { rates }, { db, viewer, clock }) =>
      orUserErrors('exchangeRates', () => setExchangeRates(db, rates, { viewer, clock })),
  },

  ExchangeRate: {
    from: ({ fromCurrency }) => fromCurrency,
    to: ({ toCurrency }) => toCurrency,
    on: ({ day }) => day,
  },
};
