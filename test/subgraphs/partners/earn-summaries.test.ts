import { randomUUID } from 'node:crypto';
import { summaryOf } from '../../../subgraphs/partners/earning/summaries.ts';
import type { EarnRule } from '../../../subgraphs/partners/rows.ts';
import { earnRule as rule } from '../../support/earn-rules.ts';

describe('summaryOf', () => {
  it.each<[EarnRule['earn'], Partial<EarnRule>, string]>([
    [{ spend: '1' }, {}, 'Base: 1 point for each EUR'],
    [{ spend: '0.50' }, {}, 'Base: 0.5 points for each EUR'],
    [{ spend: '0' }, { name: 'Gift cards' }, 'Gift cards: no points'],
    [{ distance: '1.25' }, { name: 'Miles' }, 'Miles: 1.25 points for each mile'],
    [{ night: 1500 }, { name: 'Nights' }, 'Nights: 1,500 points for each night'],
    [{ multiplier: '2' }, { name: 'Weekends' }, 'Weekends: 2 times the points'],
    [{ fixed: 500 }, { name: 'Welcome' }, 'Welcome: 500 points'],
    [
      { stamp: { code: 'COFFEE', stamps: 10, points: 250 } },
      { name: 'Tenth coffee' },
      'Tenth coffee: 250 points for 10 stamps',
    ],
    [{ expression: '5' }, { name: 'Units' }, 'Units: points by what was bought'],
    [
      { spend: '1' },
      { currency: 'MILES', caps: [{ points: 100, per: 'DAY', mode: 'CLIP' }] },
      'Base: 1 MILES for each EUR, 100 MILES a day at most',
    ],
    [{ expression: '5' }, { currency: 'MILES' }, 'Base: MILES by what was bought'],
    [
      { spend: '2' },
      {
        caps: [
          { points: 100, per: 'DAY', mode: 'CLIP' },
          { points: 10_000, per: 'EVER', mode: 'REJECT' },
        ],
      },
      'Base: 2 points for each EUR, 100 points a day at most, 10,000 points ever at most',
    ],
  ])('tells of %o', (earns, more, words) => {
    const rules = [rule(earns, { name: 'Base', ...more })];
    expect(summaryOf({ id: randomUUID(), rules }, 'EUR')).toEqual([words]);
  });

  it('goes by the order of the rules, and leaves out what is for the tier alone', () => {
    const rules = [
      rule({ fixed: 5 }, { name: 'Extra' }),
      rule({ spend: '1' }, { name: 'Base' }),
      rule({ spend: '1' }, { name: 'Tier', awards: 'QUALIFYING' }),
    ];
    expect(summaryOf({ id: randomUUID(), rules }, 'EUR')).toEqual([
      'Base: 1 point for each EUR',
      'Extra: 5 points',
    ]);
  });
});
