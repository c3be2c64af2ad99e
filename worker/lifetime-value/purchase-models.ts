import { type Minimum, minimise } from './minimum.ts';
import { hypergeometric, lbeta, lgamma } from './special-functions.ts';

/** What a member has bought, in weeks since the first purchase. */
export interface Buyer {
  /** Days with a purchase after the first. */
  repeats: number;
  /** When the last of them was; 0 where there was none. */
  recency: number;
  /** How long ago the first one was. */
  age: number;
  /** What was spent on such a day on average; 0 where there was none. */
  spend: number;
}

/** How often members buy, and when they stop. */
export interface PurchaseModel {
  r: number;
  alpha: number;
  a: number;
  b: number;
  logLikelihood: number;
}

/** What members spend. */
export interface SpendModel {
  p: number;
  q: number;
  gamma: number;
  logLikelihood: number;
}

/** Parameters are above 0: they are looked for by their logarithms, and no further than this. */
const logMax = 12;

const purchaseStarts = [
  [1, 1, 1, 1],
  [0.25, 5, 0.8, 2.5],
  [2, 20, 0.2, 5],
];
const spendStarts = [
  [1, 3, 20],
  [6, 4, 15],
  [2, 2, 100],
];

/**
 * Fits BG/NBD by maximum likelihood from several starts.
 *
 * Source: Fader, Hardie and Lee, "Counting your customers" the easy way, 2005, equation 6.
 *
 * @returns null where no two starts came to rest at the same likelihood: nothing is known then
 */
export async function fitPurchases(buyers: readonly Buyer[]): Promise<PurchaseModel | null> {
  const best = await fittest(purchaseStarts, ([r, alpha, a, b]) =>
    purchaseLikelihood(buyers, { r: r!, alpha: alpha!, a: a!, b: b! }),
  );
  if (!best) return null;
  const [r, alpha, a, b] = best.point as [number, number, number, number];
  return { r, alpha, a, b, logLikelihood: -best.value };
}

/** The logarithm of the likelihood that members with these parameters buy as these did. */
export function purchaseLikelihood(
  buyers: readonly Buyer[],
  { r, alpha, a, b }: Omit<PurchaseModel, 'logLikelihood'>,
): number {
  // What depends on the number alone is reckoned once for each: few numbers are many members'.
  const byRepeats: number[] = [];
  let sum = 0;
  for (const { repeats: x, recency, age } of buyers) {
    const known = (byRepeats[x] ??=
      lgamma(r + x) - lgamma(r) + r * Math.log(alpha) + lbeta(a, b + x) - lbeta(a, b));
    const alive = -(r + x) * Math.log(alpha + age);
    if (x === 0) {
      sum += known + alive;
      continue;
    }
    const gone = Math.log(a / (b + x - 1)) - (r + x) * Math.log(alpha + recency);
    const larger = Math.max(alive, gone);
    sum += known + larger + Math.log(Math.exp(alive - larger) + Math.exp(gone - larger));
  }
  return sum;
}

/**
 * How often a member who bought like this is expected to buy in so many weeks to come.
 *
 * Source: the same, equation 10, with the hypergeometric function by Euler's transformation, in which no
 * power is too large.
 */
export function expectedPurchases(
  { r, alpha, a: fitted, b }: PurchaseModel,
  { repeats: x, recency, age }: Buyer,
  weeks: number,
): number {
  // At 1 the expression is 0 / 0, and near it what is left of the difference is noise.
  const a = Math.abs(fitted - 1) < 1e-6 ? 1 + 1e-6 : fitted;
  const z = weeks / (alpha + age + weeks);
  const whole = hypergeometric(a + b - 1 - r, a - 1, a + b + x - 1, z) * (1 - z) ** (a - 1);
  const odds = x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x);
  return (((a + b + x - 1) / (a - 1)) * (1 - whole)) / (1 + odds);
}

/**
 * Fits Gamma-Gamma to those who bought again.
 *
 * Source: Fader and Hardie, The gamma-gamma model of monetary value, 2013, equation 1a.
 *
 * @returns null where no two starts agree, or there is no mean
 */
export async function fitSpend(buyers: readonly Buyer[]): Promise<SpendModel | null> {
  const again = buyers.filter(({ repeats, spend }) => repeats > 0 && spend > 0);
  if (again.length === 0) return null;
  const best = await fittest(spendStarts, ([p, q, gamma]) =>
    spendLikelihood(again, { p: p!, q: q!, gamma: gamma! }),
  );
  if (!best) return null;
  const [p, q, gamma] = best.point as [number, number, number];
  return q > 1 ? { p, q, gamma, logLikelihood: -best.value } : null;
}

/** The same of what members spend. */
export function spendLikelihood(
  again: readonly Buyer[],
  { p, q, gamma }: Omit<SpendModel, 'logLikelihood'>,
): number {
  const byRepeats: number[] = [];
  let sum = 0;
  for (const { repeats: x, spend } of again) {
    const known = (byRepeats[x] ??=
      lgamma(p * x + q) - lgamma(p * x) - lgamma(q) + q * Math.log(gamma) + p * x * Math.log(x));
    sum += known + (p * x - 1) * Math.log(spend) - (p * x + q) * Math.log(gamma + x * spend);
  }
  return sum;
}

/** What a purchase of a member who bought like this is expected to come to. Source: the same, equation 5. */
export function expectedSpend({ p, q, gamma }: SpendModel, { repeats, spend }: Buyer): number {
  return (p * (gamma + repeats * spend)) / (p * repeats + q - 1);
}

/** The parameters that are likeliest, where at least two starts led to them. */
async function fittest(
  starts: readonly number[][],
  likelihood: (parameters: readonly number[]) => number,
): Promise<Minimum | null> {
  const ends: Minimum[] = [];
  for (const start of starts) {
    const end = await minimise(
      (logs) =>
        logs.some((log) => Math.abs(log) > logMax) ? Infinity : -likelihood(logs.map(Math.exp)),
      start.map(Math.log),
    );
    if (end.converged) ends.push(end);
  }
  const [best, next] = ends.sort((one, other) => one.value - other.value);
  if (!best || !next || next.value - best.value > 1e-3 + 1e-6 * Math.abs(best.value)) return null;
  return { ...best, point: best.point.map(Math.exp) };
}
