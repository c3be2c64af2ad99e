import { jest } from '@jest/globals';
import { ReplayWindow, signHop, verifyHop } from '../../platform/hop.ts';
import { adminViewer, memberViewer } from '../support/subgraph.ts';

const old = { id: 'old', secret: 'o'.repeat(32) };
const current = { id: 'current', secret: 'c'.repeat(32) };
const body = '{"query":"{ me { id } }"}';
const hop = { viewer: memberViewer('ada'), requestId: 'request' };
const ageMs = 30_000;

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const sign = (key = current) => signHop(key, 'members', hop, body);
const verify = (headers: Record<string, string>, { subgraph = 'members', text = body } = {}) =>
  verifyHop([current, old], subgraph, { body: text, headers }, ageMs);

describe('a hop', () => {
  afterEach(() => jest.useRealTimers());

  it('tells who calls', () => {
    expect(verify(sign())).toMatchObject(hop);
  });

  it('tells which trace it is a part of, where that is traced', () => {
    const headers = signHop(current, 'members', { ...hop, traceparent }, body);

    expect(verify(headers)).toMatchObject({ ...hop, traceparent });
    expect(verify(sign())).not.toHaveProperty('traceparent');
    expect(
      verify({ ...headers, 'coalition-traceparent': traceparent.replace('a', 'c') }),
    ).toBeNull();
    const { 'coalition-traceparent': _, ...without } = headers;
    expect(verify(without)).toBeNull();
  });

  it('holds with every key that is known, so that keys can be rotated', () => {
    expect(verify(sign(old))).toMatchObject(hop);
    expect(verify(sign({ id: 'older', secret: 'x'.repeat(32) }))).toBeNull();
  });

  it.each([
    ['without headers', {}, {}],
    ['of another subgraph', sign(), { subgraph: 'partners' }],
    ['with another body', sign(), { text: body.replace('id', 'status') }],
    [
      'with another viewer',
      {
        ...sign(),
        'coalition-viewer': Buffer.from(JSON.stringify(adminViewer())).toString('base64url'),
      },
      {},
    ],
    ['with a trace', { ...sign(), 'coalition-traceparent': traceparent }, {}],
    ['with another request', { ...sign(), 'coalition-request-id': 'other' }, {}],
    ['with another nonce', { ...sign(), 'coalition-hop-nonce': 'other' }, {}],
    [
      'signed with a known key’s name and another secret',
      sign({ ...current, secret: 'x'.repeat(32) }),
      {},
    ],
    [
      'with a cut signature',
      { ...sign(), 'coalition-hop-signature': sign()['coalition-hop-signature']!.slice(0, 20) },
      {},
    ],
    ['without a time', { ...sign(), 'coalition-hop-time': '' }, {}],
  ])('is refused %s', (_, headers, change) => {
    expect(verify(headers as Record<string, string>, change)).toBeNull();
  });

  it.each([
    [-31_000, false],
    [-29_000, true],
    [29_000, true],
    [31_000, false],
  ])('%i ms from now holds: %s', (shift, holds) => {
    jest.useFakeTimers({ now: Date.now() + shift });
    const headers = sign();
    jest.setSystemTime(Date.now() - shift);

    expect(verify(headers) !== null).toBe(holds);
  });
});

describe('the replay window', () => {
  afterEach(() => jest.useRealTimers());

  it('admits a mutation once, for as long as its hop holds, and then forgets it', () => {
    jest.useFakeTimers({ now: 0 });
    const window = new ReplayWindow(ageMs);

    expect(window.admit('a')).toBe(true);
    expect(window.admit('a')).toBe(false);
    jest.setSystemTime(2 * ageMs);
    expect(window.admit('a')).toBe(false);
    jest.setSystemTime(2 * ageMs + 1);
    expect(window.admit('a')).toBe(true);
  });
});
