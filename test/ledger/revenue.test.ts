import { allocatePrice, revenueToRelease } from '../../ledger/revenue.ts';

describe('allocatePrice', () => {
  it('gives 8,676 of 100,000 to 10,000 points of which 9,500 are expected to be redeemed', () => {
    expect(allocatePrice(100_000n, { goods: 100_000n, points: 9_500n })).toEqual({
      goods: 91_324n,
      points: 8_676n,
    });
  });
});

describe('revenueToRelease', () => {
  it.each<[string, bigint, [redeemed: bigint, expected: bigint, revenue: bigint][]]>([
    [
      'when more are expected in the second year',
      8_676n,
      [
        [4_500n, 9_500n, 4_110n],
        [8_500n, 9_700n, 3_493n],
      ],
    ],
    [
      'when still more are expected in the second year',
      9_000n,
      [
        [4_500n, 9_700n, 4_175n],
        [8_500n, 9_900n, 3_552n],
      ],
    ],
    [
      'when fewer are expected in the second year',
      9_000n,
      [
        [4_500n, 9_700n, 4_175n],
        [8_500n, 9_200n, 4_140n],
      ],
    ],
    [
      'takes some back when far more are expected',
      9_000n,
      [
        [4_500n, 4_500n, 9_000n],
        [4_500n, 9_000n, -4_500n],
      ],
    ],
    [
      'releases all, and never more, when as many are redeemed as were expected',
      8_676n,
      [
        [9_500n, 9_500n, 8_676n],
        [9_900n, 9_500n, 0n],
      ],
    ],
    ['releases nothing of what nobody will redeem before it ends', 0n, [[0n, 0n, 0n]]],
  ])('%s', (_, allocated, years) => {
    let released = 0n;
    for (const [redeemed, expected, revenue] of years) {
      const release = revenueToRelease({ allocated, redeemed, expected, released });

      expect(release).toBe(revenue);
      released += release;
    }
  });

  it('leaves a liability of 4,566 after the first year, and of 1,073 after the second', () => {
    const first = revenueToRelease({
      allocated: 8_676n,
      redeemed: 4_500n,
      expected: 9_500n,
      released: 0n,
    });
    const second = revenueToRelease({
      allocated: 8_676n,
      redeemed: 8_500n,
      expected: 9_700n,
      released: first,
    });

    expect([8_676n - first, 8_676n - first - second]).toEqual([4_566n, 1_073n]);
  });
});
