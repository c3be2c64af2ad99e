import { randomUUID } from 'node:crypto';
import type { SubgraphClient } from '../../gateway/subgraph-client.ts';
import { type RunningGateway, startSmallGateway } from '../support/gateway.ts';
import { createIssuer } from '../support/tokens.ts';

const issuer = await createIssuer();
const identity = { keys: issuer.keys, mount: () => Promise.resolve() };
const member_id = randomUUID();
const member = { principal: 'member', member_id, sub: member_id };
const path = `/exports/${randomUUID()}`;

/** A document as the members' subgraph keeps it; it is gone from the piece on that is not there. */
let kept: { pieces: (string | null)[]; bytes: number };
let asked: number[];

const members: SubgraphClient = {
  send({ body }) {
    const { place } = (JSON.parse(body) as { variables: { place: number } }).variables;
    asked.push(place);
    const piece = kept.pieces[place];
    if (piece === undefined) return Promise.reject(new Error('It is gone.'));
    const dataExport = { requestedAt: '2026-03-01T12:00:00.000Z', bytes: kept.bytes, piece };
    return Promise.resolve({ status: 200, body: { data: { dataExport } } });
  },
  close: () => Promise.resolve(),
};

describe('an export at the gateway', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    const config = { corsOrigins: ['https://app.example'] };
    gateway = await startSmallGateway({ identity, clients: { members }, config });
  });
  afterAll(() => gateway.drain());
  beforeEach(() => (asked = []));

  const given = (pieces: (string | null)[], bytes = pieces.join('').length) => {
    kept = { pieces, bytes };
  };
  const get = async (claims: object | null, to = path, headers = {}) => {
    const authorization = claims && `Bearer ${await issuer.issue({ ...claims })}`;
    return fetch(`${gateway.url}${to}`, {
      headers: { ...(authorization && { authorization }), ...headers },
    });
  };

  it('is sent piece by piece, in their order, and no piece is asked for that is not there', async () => {
    given(['{"a":', '[1,', '2]}']);

    const answer = await get(member);

    expect([answer.status, await answer.json()]).toEqual([200, { a: [1, 2] }]);
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="my-data-2026-03-01.json"',
    );
    expect(asked).toEqual([0, 1, 2]);
  });

  it.each([
    ['goes away', ['{"a":', undefined]],
    ['lacks a piece', ['{"a":', null]],
  ])(
    'is cut where its subgraph %s in the middle, so that a part is no whole',
    async (_, pieces) => {
      given(pieces as string[], 100);

      const answer = await get(member);

      expect(answer.headers.get('content-length')).toBe('100');
      await expect(answer.text()).rejects.toThrow('terminated');
    },
  );

  it('is 503 where its subgraph does not answer at all', async () => {
    given([], 100);

    const answer = await get(member);

    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
  });

  it('is nothing for staff, partners, and names that are none, who cost the subgraph nothing', async () => {
    given(['{}']);

    expect((await get({ principal: 'admin', sub: 'root' })).status).toBe(404);
    const partner = { principal: 'partner', sub: 'till', partner_id: randomUUID() };
    expect((await get(partner)).status).toBe(404);
    for (const name of ['1', '%00', `${randomUUID()}x`]) {
      expect((await get(member, `/exports/${name}`)).status).toBe(404);
    }
    expect((await get(null)).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it('can be fetched by pages of the listed origins', async () => {
    given(['{}']);
    const origin = 'https://app.example';

    const asked = await fetch(`${gateway.url}${path}`, { method: 'OPTIONS', headers: { origin } });

    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    const answer = await get(member, path, { origin });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  });
});
