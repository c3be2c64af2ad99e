import { split } from '../../ledger/largest-remainder.ts';

describe('split', () => {
  it.each([
    ['draws 4,001 from 5,000, 3,000 and 2,500', 4001n, [5000n, 3000n, 2500n], [1905n, 1143n, 953n]],
    ['gives what is left to the earlier of equals', 100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    ['gives two that are left to the first two of three', 101n, [1n, 1n, 1n], [34n, 34n, 33n]],
    [
      'takes back what it gave, share by share',
      -4001n,
      [5000n, 3000n, 2500n],
      [-1905n, -1143n, -953n],
    ],
    ['gives nothing to a weight of nothing', 7n, [0n, 2n, 0n, 1n], [0n, 5n, 0n, 2n]],
    ['splits nothing into nothings', 0n, [3n, 4n], [0n, 0n]],
    [
      'is exact where binary fractions are not',
      9007199254740993n,
      [1n, 1n],
      [4503599627370497n, 4503599627370496n],
    ],
  ])('%s', (_, total, weights, shares) => {
    expect(split(total, weights)).toEqual(shares);
  });

  it.each([[[]], [[0n, 0n]], [[2n, -1n]]])('takes no weights like %j', (weights) => {
    expect(() => split(10n, weights)).toThrow(RangeError);
  });
});
