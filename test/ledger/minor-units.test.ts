import { Big } from 'big.js';
import { minorDigitsOf, toMinorUnits } from '../../ledger/minor-units.ts';

describe('the smallest unit of a currency', () => {
  it.each([
    ['JPY', 0, '12346'],
    ['EUR', 2, '12345.68'],
    ['BHD', 3, '12345.678'],
    ['CLF', 4, '12345.6785'],
    ['XAU', null, '12345.67845'],
  ])('%s has %s decimals', (currency, digits, rounded) => {
    expect(minorDigitsOf(currency)).toBe(digits);
    expect(toMinorUnits(new Big('12345.67845'), currency)).toBe(rounded);
  });
});
