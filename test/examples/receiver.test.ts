import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { openReceiver } from '../../examples/client/partner/receiver.ts';

const secret = `whsec_${Buffer.from('a secret that nobody has guessed').toString('base64')}`;
const posted = { type: 'activity.posted', version: 1, data: { activityId: 'a1' } };

interface Sent {
  body?: string;
  /** Whose secret signs it. */
  signer?: string;
  at?: Date;
  headers?: Record<string, string>;
}

/** Sends a message of the id m1, and tells what was answered and what was taken. */
async function received(
  { body = JSON.stringify(posted), signer = secret, at = new Date(), headers }: Sent = {},
  fails = false,
) {
  const taken: unknown[] = [];
  const server = openReceiver(secret, (id, event) => {
    if (fails) throw new Error('The database is away.');
    taken.push({ id, event });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    headers: headers ?? {
      'webhook-id': 'm1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(signer).sign('m1', at, JSON.stringify(posted)),
    },
    body,
  });
  server.closeAllConnections();
  server.close();
  return { status: response.status, taken };
}

describe('the example of a receiver', () => {
  it('takes what is signed, with its id', async () => {
    expect(await received()).toEqual({ status: 204, taken: [{ id: 'm1', event: posted }] });
  });

  it.each<[string, Sent]>([
    ['another secret has signed', { signer: `whsec_${Buffer.from('another').toString('base64')}` }],
    ['was changed on the way', { body: JSON.stringify({ ...posted, version: 2 }) }],
    ['says the same in other bytes', { body: JSON.stringify(posted, null, 1) }],
    ['is old', { at: new Date(Date.now() - 6 * 60_000) }],
    ['is long', { body: 'x'.repeat(500_000) }],
    ['nobody has signed', { headers: {} }],
  ])('refuses what %s', async (_, sent) => {
    expect(await received(sent)).toEqual({ status: 401, taken: [] });
  });

  it('asks for it again where it could not be taken', async () => {
    expect(await received({}, true)).toEqual({ status: 500, taken: [] });
  });
});
