/** Whole numbers from 0 to below n, the same for the same seed (a linear congruence). */
export function sequence(start: number): (n: number) => number {
  let state = BigInt(start);
  return (n) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number((state >> 33n) % BigInt(n));
  };
}
