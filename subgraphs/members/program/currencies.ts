import type { SubgraphContext } from '../loaders.ts';

/** A currency that the program counts, by its code; null for none. */
export async function findCurrency(code: string, { loaders }: SubgraphContext) {
  return (await loaders.currencies()).find((currency) => currency.code === code) ?? null;
}
