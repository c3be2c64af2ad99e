import { codeHash, isCode, newCode, newToken, tokenHash } from '../../platform/codes.ts';

describe('codes and tokens', () => {
  it('are six digits, leading zeros among them, and 256 bits for a link', () => {
    const codes = Array.from({ length: 1_000 }, () => newCode());

    expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([]);
    // One in ten begins with a zero: that none of a thousand does happens once in 10^45 times.
    expect(codes.some((code) => code.startsWith('0'))).toBe(true);
    expect(newCode(8)).toMatch(/^\d{8}$/);
    expect(Buffer.from(newToken(), 'base64url')).toHaveLength(32);
    expect(newToken()).not.toBe(newToken());
  });

  it('are kept so that nobody reads them, a code with the id of its row', () => {
    // printf 'a:000123' | sha256sum, and printf 'abc' | sha256sum
    expect(codeHash('a', '000123').toString('hex')).toBe(
      '70aa3aaca3ab5f34009803b76307bda16fce286db1aac3191cbca3ba17d1bd1e',
    );
    expect(tokenHash('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('are judged whole: another code, another row and none are not it', () => {
    const kept = codeHash('a', '000123');

    expect(isCode(kept, 'a', '000123')).toBe(true);
    expect(isCode(kept, 'a', '123')).toBe(false);
    expect(isCode(kept, 'b', '000123')).toBe(false);
    expect(isCode(null, 'a', '000123')).toBe(false);
  });
});
