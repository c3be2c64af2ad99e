import { createHash } from 'node:crypto';
import { hashOf, repeated } from '../../platform/idempotency.ts';
import { refusal } from '../support/refusal.ts';

describe('hashOf', () => {
  it('is the SHA-256 of the input as JSON', () => {
    const sha256 = createHash('sha256')
      .update('{"points":"7","lines":[{"sku":"a"}]}')
      .digest('hex');

    expect(hashOf({ points: 7n, lines: [{ sku: 'a' }] })).toBe(sha256);
  });

  it('does not change when the input grows by a field that is left out', () => {
    expect(hashOf({ a: 1, later: undefined, other: null })).toBe(hashOf({ a: 1 }));
  });

  it.each([
    [{ a: '1' }, { a: 1 }],
    [{ a: 0 }, {}],
    [{ a: '' }, {}],
    [{ a: false }, {}],
    [{ a: [] }, {}],
  ])('tells %j from %j', (one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });
});

describe('repeated', () => {
  const first = { id: 'r1', idempotencyKey: 'a', inputHash: hashOf({ quantity: 1 }) };

  it('gives the first answer to the same input', () => {
    expect(repeated(first, hashOf({ quantity: 1 }))).toBe(first);
  });

  it('refuses another input, and names the first answer', () => {
    expect(() => repeated(first, hashOf({ quantity: 2 }))).toThrow(
      refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: 'r1' }) as Error,
    );
  });
});
