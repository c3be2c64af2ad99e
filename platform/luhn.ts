/** Whether the last of the digits is right by Luhn: ISO/IEC 7812-1, annex B. */
export function isByLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, place) => {
      const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/** Whether a text is what stands on a payment card: 12 to 19 digits, however they are grouped. */
export function isCardNumber(text: string): boolean {
  const digits = withoutGroups(text);
  return /^\d{12,19}$/.test(digits) && isByLuhn(digits);
}

/** Numbers are printed in groups: they are kept and compared without. */
export function withoutGroups(text: string): string {
  return text.replaceAll(/[\s-]/g, '');
}
