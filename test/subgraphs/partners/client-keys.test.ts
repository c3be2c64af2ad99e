import { type JsonWebKey, type KeyPairKeyObjectResult, generateKeyPairSync } from 'node:crypto';
import { parseInput } from '../../../platform/input.ts';
import { clientKeys } from '../../../subgraphs/partners/clients/keys.ts';
import { refusal } from '../../support/refusal.ts';

const publicOf = ({ publicKey }: KeyPairKeyObjectResult) => publicKey.export({ format: 'jwk' });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ec = { ...publicOf(p256), kid: 'a' };
const ed = { ...publicOf(generateKeyPairSync('ed25519')), kid: 'b' };

describe('a client’s key set', () => {
  const read = (set: unknown) =>
    parseInput(clientKeys, typeof set === 'string' ? set : JSON.stringify(set), ['jwks']);

  it('is kept with what verifying takes, however it is written', () => {
    const kept = [
      { kty: 'EC', crv: 'P-256', x: ec.x, y: ec.y, kid: 'a', use: 'sig', alg: 'ES256' },
      { kty: 'OKP', crv: 'Ed25519', x: ed.x, kid: 'b', use: 'sig', alg: 'EdDSA' },
    ];
    const padded = Buffer.from(ec.x!, 'base64url').toString('base64');

    expect(read({ keys: [ec, ed] })).toEqual(kept);
    const spelled = [
      { alg: 'Ed25519', use: 'sig', ...ed, note: 'x' },
      { kid: 'a', x: padded, y: ec.y, crv: ec.crv, kty: ec.kty, key_ops: ['verify'] },
    ];
    expect(JSON.stringify(read({ made: 'today', keys: spelled }))).toBe(
      JSON.stringify(read({ keys: [ec, ed] })),
    );
  });

  it('keeps the id of a key as it is written', () => {
    const kid = ' e\u0301 ';

    expect(read({ keys: [{ ...ec, kid }] })).toMatchObject([{ kid }]);
  });

  it('may have five keys', () => {
    const keys = ['1', '2', '3', '4', '5'].map((kid) => ({ ...ec, kid }));

    expect(read({ keys })).toHaveLength(5);
  });

  it.each<[string, string, unknown]>([
    ['no JSON', '', '{'],
    ['nothing', '', 'null'],
    ['a single key', 'keys', ec],
    ['no list', 'keys', { keys: ec }],
    ['no key', 'keys', { keys: [] }],
    ['six keys', 'keys', { keys: Array.from({ length: 6 }, (_, i) => ({ ...ec, kid: `${i}` })) }],
    ['what is no key', 'keys 0', { keys: ['key'] }],
    ['null for a key', 'keys 0', { keys: [null] }],
    ['a key without an id', 'keys 0 kid', { keys: [publicOf(p256)] }],
    ['an empty id', 'keys 0 kid', { keys: [{ ...ec, kid: '' }] }],
    ['a long id', 'keys 0 kid', { keys: [{ ...ec, kid: 'x'.repeat(129) }] }],
    ['an id that is no text', 'keys 0 kid', { keys: [{ ...ec, kid: 'a\0' }] }],
    ['an id twice', 'keys 1 kid', { keys: [ec, { ...ed, kid: 'a' }] }],
    ['a key to encrypt with', 'keys 0 use', { keys: [{ ...ec, use: 'enc' }] }],
    ['another algorithm', 'keys 0 alg', { keys: [{ ...ec, alg: 'ES384' }] }],
    ['an algorithm of another kind', 'keys 0 alg', { keys: [{ ...ec, alg: 'EdDSA' }] }],
    ['a kind that its curve is not of', 'keys 0 kty', { keys: [{ ...ec, kty: 'OKP' }] }],
    ['another curve', 'keys 0 crv', { keys: [other('P-384')] }],
    ['a curve of Bitcoin', 'keys 0 crv', { keys: [other('secp256k1')] }],
    ['a key to agree on keys', 'keys 0 crv', { keys: [{ ...ed, crv: 'X25519' }] }],
    ['RSA', 'keys 0 crv', { keys: [{ ...rsa(), kid: 'a' }] }],
    ['a point off the curve', 'keys 0 x', { keys: [{ ...ec, x: ed.x }] }],
    ['a point that is cut', 'keys 0 x', { keys: [{ ...ed, x: ed.x!.slice(4) }] }],
    ['half a point', 'keys 0 y', { keys: [{ ...ec, y: undefined }] }],
    ['more than 10,000 characters', '', `{"keys":[]}${' '.repeat(10_000)}`],
  ])('is refused: %s', (_, path, set) => {
    const words = path.split(' ').filter((word) => word !== '');

    expect(() => read(set)).toThrow(refused(['jwks', ...words]));
  });

  it.each<[string, JsonWebKey]>([
    ['d', p256.privateKey.export({ format: 'jwk' })],
    ['d', generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })],
    ['d', { ...publicOf(p256), d: '' }],
    ['d', rsaPair().privateKey.export({ format: 'jwk' })],
    ['k', { kty: 'oct', k: 'c2VjcmV0' }],
  ])('is refused with a warning where it holds a private key (%s)', (member, jwk) => {
    const attempt = () => read({ keys: [ed, { ...jwk, kid: 'a' }] });

    expect(attempt).toThrow(refused(['jwks', 'keys', '1', member]));
    expect(attempt).toThrow('burnt');
  });

  function other(namedCurve: string) {
    return { ...publicOf(generateKeyPairSync('ec', { namedCurve })), kid: 'a' };
  }
  function rsaPair() {
    return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
  function rsa() {
    return publicOf(rsaPair());
  }
  function refused(path: string[]) {
    return refusal('INVALID', path) as Error;
  }
});
