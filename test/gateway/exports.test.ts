import { Big } from 'big.js';
import { createHash, randomUUID } from 'node:crypto';
import type { SubgraphClient } from '../../gateway/subgraph-client.ts';
import { htmlOf } from '../../subgraphs/partners/settlement/documents.ts';
import { SettlementStatement } from '../../subgraphs/partners/settlement/entities.ts';
import { figuresOf } from '../../subgraphs/partners/settlement/figures.ts';
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

describe('a settlement statement at the gateway', () => {
  const pieces = ['line\r\n', '1\r\n', '2\r\n'];
  const page = htmlOf({
    statement: Object.assign(new SettlementStatement(), {
      id: randomUUID(),
      month: '2026-03-01',
      currency: 'EUR',
      digits: 2,
      status: 'ISSUED',
      issuedAt: new Date(),
      dueOn: '2026-05-01',
    }),
    partner: { name: 'Shop', code: 'SHOP' },
    sums: [],
    figures: figuresOf([]),
    disputed: new Big(0),
    due: new Big(0),
  });
  /** What the partners' subgraph answers to a question for a piece, or for the page. */
  let answerTo: (place: number | null) => object;
  const partners: SubgraphClient = {
    send({ body }) {
      const { query, variables } = JSON.parse(body) as {
        query: string;
        variables: { place: number };
      };
      const place = query.includes('csvPiece') ? variables.place : null;
      return Promise.resolve({ status: 200, body: answerTo(place) });
    },
    close: () => Promise.resolve(),
  };
  const shown = (place: number | null) => ({
    data: {
      settlementStatement: {
        period: { from: '2026-03-01' },
        partner: { code: 'SHOP' },
        text: place === null ? page : (pieces[place] ?? null),
      },
    },
  });
  const partner = { principal: 'partner', sub: 'till', partner_id: randomUUID() };
  const name = `/statements/${randomUUID()}`;

  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await startSmallGateway({ identity, clients: { partners } });
  });
  afterAll(() => gateway.drain());
  beforeEach(() => (answerTo = shown));

  const get = async (to: string, claims: object | null = partner) => {
    const authorization = claims && `Bearer ${await issuer.issue({ ...claims })}`;
    return fetch(`${gateway.url}${to}`, { headers: { ...(authorization && { authorization }) } });
  };

  it('is sent as a file, piece by piece', async () => {
    const answer = await get(`${name}.csv`);

    expect([answer.status, await answer.text()]).toEqual([200, pieces.join('')]);
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="statement-SHOP-2026-03.csv"',
    );
  });

  it('is cut where its subgraph goes away in the middle', async () => {
    answerTo = (place) => (place === 2 ? { errors: [{ message: 'gone' }] } : shown(place));

    const answer = await get(`${name}.csv`);

    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it('is sent as a page that may have its own style, and nothing else', async () => {
    const answer = await get(`${name}.html`, { principal: 'admin', sub: 'root' });

    const text = await answer.text();
    const [, style] = /<style>(.*)<\/style>/.exec(text)!;
    const hash = createHash('sha256').update(style!).digest('base64');
    expect(answer.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; ` +
        `frame-ancestors 'none'`,
    );
    expect([answer.status, text]).toEqual([200, page]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('is for tokens that may read settlement', async () => {
    expect((await get(`${name}.csv`, null)).status).toBe(401);
    expect((await get(`${name}.csv`, member)).status).toBe(404);
    for (const other of [name, `${name}.pdf`, '/statements/1.csv']) {
      expect((await get(other)).status).toBe(404);
    }
    answerTo = () => ({ data: { settlementStatement: null } });
    expect((await get(`${name}.html`)).status).toBe(404);
    answerTo = () => ({ errors: [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }] });
    expect((await get(`${name}.html`)).status).toBe(403);
    answerTo = () => ({ errors: [{ message: 'Later.' }] });
    expect((await get(`${name}.csv`)).status).toBe(503);
  });
});
