import { Big } from 'big.js';
import { breakageOf, costLiability, rateOf, ultimateRedemption } from '../../ledger/breakage.ts';
import { toMinorUnits } from '../../ledger/minor-units.ts';

describe('ultimateRedemption', () => {
  it('is the chain ladder of the textbooks', () => {
    // Taylor and Ashe (1983), with the ultimates that Mack (1993) gives, rounded.
    const triangle = `
      357848 1124788 1735330 2218270 2745596 3319994 3466336 3606286 3833515 3901463
      352118 1236139 2170033 3353322 3799067 4120063 4647867 4914039 5339085
      290507 1292306 2218525 3235179 3985995 4132918 4628910 4909315
      310608 1418858 2195047 3757447 4029929 4381982 4588268
      443160 1136350 2128333 2897821 3402672 3873311
      396132 1333217 2180715 2985752 3691712
      440832 1288463 2419861 3483130
      359480 1421128 2864498
      376686 1363294
      344014`;
    const cohorts = triangle
      .trim()
      .split('\n')
      .map((line) => ({ issued: 10_000_000n, redeemed: line.trim().split(' ').map(BigInt) }));

    expect(ultimateRedemption(cohorts, 9)).toEqual([
      3901463n,
      5433719n,
      5378826n,
      5297906n,
      4858200n,
      5111171n,
      5660771n,
      6784799n,
      5642266n,
      4969825n,
    ]);
  });

  it('gives a cohort without redemptions the rate of the others', () => {
    const cohorts = [
      { issued: 1_000n, redeemed: [100n, 300n, 400n] },
      { issued: 2_000n, redeemed: [200n, 900n] },
      { issued: 500n, redeemed: [0n] },
    ];

    // 900 grow as 300 grew to 400: 1,200. Then 400 + 1,200 of 3,000 issued: 8/15 of 500.
    expect(ultimateRedemption(cohorts, 2)).toEqual([400n, 1_200n, 267n]);
  });

  it('gives the rate of the others where no older cohort shows the way', () => {
    const cohorts = [
      { issued: 1_000n, redeemed: [0n, 400n] },
      { issued: 1_000n, redeemed: [50n] },
    ];

    expect(ultimateRedemption(cohorts, 1)).toEqual([400n, 400n]);
  });

  it('redeems no more than was issued, and nothing after the points’ end', () => {
    const cohorts = [
      { issued: 1_000n, redeemed: [100n, 400n, 400n] },
      { issued: 1_000n, redeemed: [300n] },
    ];

    expect(ultimateRedemption(cohorts, 1)).toEqual([400n, 1_000n]);
  });

  it('has no answer before a cohort is old enough', () => {
    const cohorts = [{ issued: 1_000n, redeemed: [100n, 200n] }];

    expect(ultimateRedemption(cohorts, 2)).toBeNull();
    expect(ultimateRedemption([], 0)).toBeNull();
  });

  it('takes months without points', () => {
    expect(
      ultimateRedemption(
        [
          { issued: 0n, redeemed: [0n, 0n] },
          { issued: 0n, redeemed: [] },
        ],
        1,
      ),
    ).toEqual([0n, 0n]);
  });
});

describe('breakageOf', () => {
  it('is what remains of the outstanding points once the rest is redeemed', () => {
    const cohorts = [
      { issued: 1_000n, redeemed: [100n, 300n, 400n], outstanding: 0n },
      { issued: 1_000n, redeemed: [120n, 380n], outstanding: 620n },
      { issued: 1_000n, redeemed: [140n], outstanding: 860n },
    ];

    // 380 grow as 300 to 400: 507, and 140 first as 220 to 680: 577. So 127 + 437 of 1,480 are to come.
    expect(ultimateRedemption(cohorts, 2)).toEqual([400n, 507n, 577n]);
    expect(breakageOf(cohorts, 2).round(6).toFixed()).toBe('0.618919');
  });

  it('is nothing while no cohort is old enough, and where no points are left', () => {
    const young = [{ issued: 1_000n, redeemed: [100n], outstanding: 900n }];
    const spent = [{ issued: 1_000n, redeemed: [1_000n], outstanding: 0n }];

    expect(breakageOf(young, 1).toFixed()).toBe('0');
    expect(breakageOf(spent, 0).toFixed()).toBe('0');
  });
});

describe('rateOf', () => {
  it.each([
    ['a half', 1n, 2n, '0.5'],
    ['a third, to 20 decimals', 1n, 3n, '0.33333333333333333333'],
    ['all, of less than the part', 5n, 4n, '1'],
    ['nothing, of nothing', 5n, 0n, '0'],
    ['nothing, of a negative part', -1n, 4n, '0'],
  ])('is %s', (_, part, whole, rate) => {
    expect(rateOf(part, whole).toFixed()).toBe(rate);
  });
});

describe('costLiability', () => {
  it('is €390,119.40 for 52,155,000 points at 0.88 and 0.0085', () => {
    const cost = costLiability(52_155_000n, new Big('0.88'), '0.0085');

    expect(toMinorUnits(cost, 'EUR')).toBe('390119.40');
  });
});
