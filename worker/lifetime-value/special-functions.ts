/** Of Lanczos's approximation with g = 7: nine terms, good to 15 digits. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** The logarithm of the gamma function, of a number above 0. */
export function lgamma(x: number): number {
  // Below, the approximation is that of the number one higher.
  if (x < 0.5) return lgamma(x + 1) - Math.log(x);
  const z = x - 1;
  const sum = lanczos.reduce((added, term, n) => added + (n === 0 ? term : term / (z + n)), 0);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The logarithm of the beta function. */
export function lbeta(a: number, b: number): number {
  return lgamma(a) + lgamma(b) - lgamma(a + b);
}

/** Gauss's hypergeometric function 2F1(a, b; c; z) by its series, for z from 0 to below 1. */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < 100_000; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) <= Number.EPSILON * Math.abs(sum)) break;
  }
  return sum;
}
