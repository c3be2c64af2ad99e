import { request } from 'undici';
import { limits } from '../../platform/limits.ts';
import {
  type ReceiverSettings,
  UnusableReceiver,
  checkReceiver,
  isPublicAddress,
  openReceivers,
} from '../../platform/receivers.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';

const settings = (...addresses: string[]): ReceiverSettings => ({
  limits,
  localReceivers: false,
  resolve: () => Promise.resolve(addresses),
});

describe('an address that partners may name', () => {
  it.each([
    // By RFC 6890 and its registries, and the ways in which other networks hide in an IPv6 address.
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.32.0.1', '2606:4700:4700::1111'])(
    'is %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('checkReceiver', () => {
  it.each([
    'http://1.1.1.1/',
    'ftp://1.1.1.1/',
    'https://user@1.1.1.1/',
    'https://1.1.1.1/#part',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://１２７.0.0.1/',
    'no URL',
  ])('refuses %s', async (url) => {
    await expect(checkReceiver(url, settings('8.8.8.8'))).rejects.toThrow(UnusableReceiver);
  });

  it('refuses a name of which any address is private, or none is found', async () => {
    const url = 'https://hooks.example/';

    await expect(checkReceiver(url, settings('8.8.8.8', '10.0.0.1'))).rejects.toThrow('public');
    await expect(checkReceiver(url, settings())).rejects.toThrow('not found');
    await expect(checkReceiver(url, settings('8.8.8.8'))).resolves.toBeUndefined();
  });

  it('does not wait for who never says where a name leads', async () => {
    const slow = { ...settings(), resolve: () => new Promise<string[]>(() => {}) };

    await expect(
      checkReceiver('https://hooks.example/', { ...slow, limits: { ...limits, lookupMs: 20 } }),
    ).rejects.toThrow('not found');
  });
});

describe('openReceivers', () => {
  let receiver: Receiver;
  beforeAll(async () => (receiver = await startReceiver()));
  afterAll(() => receiver.close());

  async function call(url: string, given: ReceiverSettings): Promise<number> {
    const dispatcher = openReceivers(given);
    try {
      const { statusCode, body } = await request(url, { dispatcher });
      await body.dump();
      return statusCode;
    } finally {
      await dispatcher.destroy();
    }
  }

  it('connects to no private address, whether a URL has it or a name leads there by now', async () => {
    const { port } = new URL(receiver.url);

    for (const host of ['127.0.0.1', '2130706433', 'hooks.example', 'localhost']) {
      await expect(call(`http://${host}:${port}/`, settings('127.0.0.1'))).rejects.toThrow(
        'public',
      );
    }
    expect(receiver.received).toEqual([]);
  });

  it('goes to the address that was looked up, once', async () => {
    const { port } = new URL(receiver.url);
    let lookups = 0;
    const resolve = () => Promise.resolve([lookups++ === 0 ? '127.0.0.1' : '203.0.113.1']);

    const status = await call(`http://hooks.example:${port}/`, {
      limits,
      localReceivers: true,
      resolve,
    });

    expect(status).toBe(204);
    expect(receiver.received).toMatchObject([{ headers: { host: `hooks.example:${port}` } }]);
    expect(lookups).toBe(1);
  });
});
