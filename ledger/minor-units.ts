import { Big } from 'big.js';

/** Decimals of the currencies that have not two. Source: ISO 4217, list one. */
const decimals = new Map<string, number | null>([
  ...each(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...each(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...each(4, 'CLF UYW'),
  // Metals, baskets of currencies and funds are not paid in units and parts.
  ...each(null, 'XAG XAU XPD XPT XBA XBB XBC XBD XDR XSU XUA XTS XXX'),
]);

function each(count: number | null, codes: string): [string, number | null][] {
  return codes.split(' ').map((code) => [code, count]);
}

/** How many decimals an amount of the currency has; null where it has no smallest unit. */
export function minorDigitsOf(currency: string): number | null {
  const count = decimals.get(currency);
  return count === undefined ? 2 : count;
}

/** The amount in whole smallest units of its currency, half up; as it is where there are none. */
export function toMinorUnits(exact: Big, currency: string): string {
  return exact.toFixed(minorDigitsOf(currency) ?? undefined, Big.roundHalfUp);
}
