import { jest } from '@jest/globals';
import { databaseClock } from '../../platform/clock.ts';
import type { HopKey } from '../../platform/config.ts';
import { signHop } from '../../platform/hop.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { revokeApiClient } from '../../subgraphs/partners/clients/api-clients.ts';
import { useAllSubgraphs } from '../support/all-subgraphs.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenClient } from '../support/given-clients.ts';
import { givenInvited } from '../support/given-partners.ts';
import { adminViewer, callSubgraph, memberViewer, partnerViewer } from '../support/subgraph.ts';

describe('a revoked API client, whose token is out', () => {
  const test = useTestDatabase();
  const subgraphs = useAllSubgraphs(test);

  it('is known to no subgraph from the next request on; every other caller is', async () => {
    const partnerId = await givenInvited(test);
    const [revoked, other] = [
      await givenClient(test, partnerId),
      await givenClient(test, partnerId),
    ];
    const of = (subject: string): Viewer => ({ ...partnerViewer(partnerId), subject });
    const codesFor = async (viewer = of(revoked.clientId)) =>
      Promise.all(
        subgraphs().map(async (subgraph) => {
          const { data, errors } = await callSubgraph(subgraph, viewer, '{ __typename }');
          return data ? 'answered' : errors?.[0]?.extensions?.code;
        }),
      );
    const answered = Array<string>(4).fill('answered');
    expect(await codesFor()).toEqual(answered);

    const { clientId } = revoked;
    const revoker = { viewer: of(clientId), clock: databaseClock };
    await revokeApiClient(test.db('partners'), { clientId }, revoker);

    expect(await codesFor()).toEqual(Array(4).fill('UNAUTHENTICATED'));
    const others = [
      of(other.clientId),
      // A person of the partner's staff, or a client of another issuer.
      of('ada@shop.example'),
      anonymous,
      { ...memberViewer(partnerId), subject: clientId },
      adminViewer(),
    ];
    for (const viewer of others) expect(await codesFor(viewer)).toEqual(answered);
  });
});

describe('a call of a subgraph past the gateway', () => {
  const test = useTestDatabase();
  const [old, current]: [HopKey, HopKey] = [
    { id: 'old', secret: 'o'.repeat(32) },
    { id: 'current', secret: 'c'.repeat(32) },
  ];
  const textOf = (keys: HopKey[]) => keys.map(({ id, secret }) => `${id}:${secret}`).join();
  const subgraphs = useAllSubgraphs(test, { HOP_KEYS: textOf([current, old]) });
  const withoutOld = useAllSubgraphs(test, { HOP_KEYS: textOf([current]) });
  const ada = memberViewer('5f0c1d6e-8a53-4c0e-9d5b-0e1f7a2b6c01');
  const read = '{"query":"{ __typename }"}';
  const write = '{"query":"mutation { __typename }"}';
  const urls = new Map<Subgraph, string>();
  beforeAll(async () => {
    for (const each of [...subgraphs(), ...withoutOld()]) urls.set(each, await each.listen());
  });

  const sign = (subgraph: string, body = read, { key = current, viewer = ada } = {}) =>
    signHop(key, subgraph, { viewer, requestId: 'request' }, body);
  const signAt = (shiftMs: number, subgraph: string) => {
    const at = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + shiftMs);
    const headers = sign(subgraph);
    at.mockRestore();
    return headers;
  };
  const send = (subgraph: Subgraph, headers: Record<string, string>, body = read) =>
    fetch(`${urls.get(subgraph)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const statusesOf = (all: Subgraph[], ...[key, body]: [HopKey, string]) =>
    Promise.all(
      all.map(async (each) => (await send(each, sign(each.name, body, { key }), body)).status),
    );
  const four = (status: number) => Array<number>(4).fill(status);

  const bearer = 'Bearer eyJhbGciOiJub25lIn0.eyJwcmluY2lwYWwiOiJhZG1pbiJ9.';
  const root = Buffer.from(JSON.stringify(adminViewer())).toString('base64url');
  const cut = ({ 'coalition-hop-signature': whole, ...rest }: Record<string, string>) => ({
    ...rest,
    'coalition-hop-signature': whole!.slice(0, 20),
  });
  const unsigned = (headers: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(headers).filter(([name]) => name !== 'coalition-hop-signature'),
    );

  it.each<[string, (subgraph: string) => Record<string, string>, body?: string]>([
    ['without a hop', () => ({})],
    ['with a token instead', () => ({ authorization: bearer })],
    ['with a viewer of its own', () => ({ 'coalition-viewer': root })],
    ['in another viewer’s name', (name) => ({ ...sign(name), 'coalition-viewer': root })],
    ['without a signature', (name) => unsigned(sign(name))],
    ['with a part of a signature', (name) => cut(sign(name))],
    ['with another body', (name) => sign(name), write],
    ['signed for another subgraph', (name) => sign(`${name}-2`)],
    ['signed for all of them', () => sign('')],
    ['31 s old', (name) => signAt(-31_000, name)],
    ['dated 31 s ahead', (name) => signAt(31_000, name)],
    ['of an unknown key', (name) => sign(name, read, { key: { ...current, id: 'other' } })],
    [
      'by a known key’s name and another secret',
      (name) => sign(name, read, { key: { ...current, secret: old.secret } }),
    ],
  ])('is refused %s, by each, streams too', async (_, headersFor, body = read) => {
    for (const subgraph of subgraphs()) {
      for (const accept of ['application/json', 'text/event-stream']) {
        const answer = await send(subgraph, { ...headersFor(subgraph.name), accept }, body);

        expect([subgraph.name, accept, answer.status]).toEqual([subgraph.name, accept, 403]);
        expect(await answer.json()).toEqual({
          errors: [
            {
              message: 'The hop is not signed for this subgraph.',
              extensions: { code: 'FORBIDDEN' },
            },
          ],
        });
      }
    }
  });

  it('may repeat what reads, and not what writes', async () => {
    for (const subgraph of subgraphs()) {
      const reading = sign(subgraph.name);
      const writing = sign(subgraph.name, write);
      const statuses = [];
      for (const [headers, body] of [
        [reading, read],
        [reading, read],
        [writing, write],
        [writing, write],
        // A stream is another way in to the same.
        [{ ...writing, accept: 'text/event-stream' }, write],
      ] as const) {
        statuses.push((await send(subgraph, headers, body)).status);
      }

      expect([subgraph.name, ...statuses]).toEqual([subgraph.name, 200, 200, 200, 403, 403]);
    }
  });

  it('holds by the old key until that is removed, and by the new one before and after', async () => {
    for (const body of [read, write]) {
      expect(await statusesOf(subgraphs(), old, body)).toEqual(four(200));
      expect(await statusesOf(subgraphs(), current, body)).toEqual(four(200));
      expect(await statusesOf(withoutOld(), current, body)).toEqual(four(200));
      expect(await statusesOf(withoutOld(), old, body)).toEqual(four(403));
    }
  });
});
