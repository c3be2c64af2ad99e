import type { Big } from 'big.js';

/** Exact, with two decimals or more. */
export function moneyOf(exact: Big, currency: string) {
  const decimals = exact.toFixed().split('.')[1]?.length ?? 0;
  return { amount: exact.toFixed(Math.max(2, decimals)), currency };
}
