import { randomBytes, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { SubgraphClient } from '../../gateway/subgraph-client.ts';
import { type RunningGateway, startSmallGateway } from '../support/gateway.ts';
import { createIssuer } from '../support/tokens.ts';
import { until } from '../support/until.ts';

const issuer = await createIssuer();
const identity = { keys: issuer.keys, mount: () => Promise.resolve() };
const partner = { principal: 'partner', sub: 'till', partner_id: randomUUID() };
const path = '/imports/purchases.csv';
const uploadBytes = 5_000;
const requestArrivalMs = 2_000;

interface Piece {
  id: string;
  partnerId: string | null;
  fileName: string;
  place: number;
  content: string;
  isLast: boolean;
}

/** What the partners' subgraph was sent. */
let kept: Piece[];
let dropped: string[];
/** What it says to a piece, where it does not keep it. */
let answer: (piece: Piece) => object | null;
/** The lines of the rows that were not posted; null where there is no such import. */
let lines: number[] | null;

const partners: SubgraphClient = {
  send({ body }) {
    const { query, variables } = JSON.parse(body) as { query: string; variables: never };
    return Promise.resolve({ status: 200, body: answerTo(query, variables) });
  },
  close: () => Promise.resolve(),
};

function answerTo(query: string, variables: Piece & { line: number }): object {
  if (query.includes('rejectionsAfter')) {
    const after = lines?.filter((line) => line > variables.line).slice(0, 2);
    const rows = after?.map((line) => ({
      line,
      code: 'INVALID',
      field: null,
      message: `=${line}`,
    }));
    return { data: { activityImport: rows ? { rejectionsAfter: rows } : null } };
  }
  if (query.includes('dropUpload')) {
    dropped.push(variables.id);
    return { data: { dropUpload: { upload: null } } };
  }
  const refused = answer(variables);
  if (refused) return refused;
  kept.push(variables);
  const upload = variables.isLast ? variables.id : null;
  return { data: { kept: { upload, userErrors: [] } } };
}

const userError = (code: string) => ({
  data: { kept: { upload: null, userErrors: [{ code, message: `${code}!` }] } },
});
const bytesKept = () => Buffer.concat(kept.map(({ content }) => Buffer.from(content, 'base64')));

describe('a file at the gateway', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    const config = { corsOrigins: ['https://app.example'], uploadBytes };
    const limits = { uploadPieceBytes: 1_000, requestArrivalMs };
    gateway = await startSmallGateway({ identity, clients: { partners }, config, limits });
  });
  afterAll(() => gateway.drain());
  beforeEach(() => {
    [kept, dropped, lines] = [[], [], null];
    answer = () => null;
  });

  const authorizationOf = async (claims: object) => `Bearer ${await issuer.issue({ ...claims })}`;
  const put = async (
    body: Buffer | string,
    { claims = partner, to = path, headers = {} }: Given = {},
  ) => {
    const authorization = claims && (await authorizationOf(claims));
    return fetch(`${gateway.url}${to}`, {
      method: 'PUT',
      headers: { ...(authorization && { authorization }), ...headers },
      body: body as never,
    });
  };
  interface Given {
    claims?: object | null;
    to?: string;
    headers?: Record<string, string>;
  }

  /** A request of which more can be written. */
  const slowPut = async (
    onEnd: (status: number | null) => void,
    { url, headers = {} }: { url?: string; headers?: object } = {},
  ) => {
    const sending = httpRequest(`${url ?? gateway.url}${path}`, {
      method: 'PUT',
      headers: { authorization: await authorizationOf(partner), ...headers },
    });
    sending.on('response', (response) => onEnd(response.resume().statusCode!));
    sending.on('error', () => onEnd(null));
    return sending;
  };

  it('goes on piece by piece, in their order, and is given a name', async () => {
    const file = randomBytes(2_500);

    const sent = await put(file, { headers: { 'content-type': 'text/csv' } });

    const { upload, bytes } = (await sent.json()) as { upload: string; bytes: number };
    expect([sent.status, bytes]).toEqual([201, 2_500]);
    expect(kept.map(({ place, isLast }) => [place, isLast])).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    expect(new Set(kept.map(({ id }) => id))).toEqual(new Set([upload]));
    expect(kept[0]).toMatchObject({ fileName: 'purchases.csv', partnerId: null });
    expect(bytesKept().equals(file)).toBe(true);
    expect(dropped).toEqual([]);
  });

  it('may be compressed, and is of the partner that staff name', async () => {
    const file = Buffer.from('a,b\n'.repeat(600));
    const named = randomUUID();

    const sent = await put(gzipSync(file), {
      claims: { principal: 'admin', sub: 'root' },
      to: `/imports/caf%C3%A9.jsonl?partner=${named}`,
      headers: { 'content-encoding': 'gzip' },
    });

    expect(sent.status).toBe(201);
    expect(bytesKept().equals(file)).toBe(true);
    expect(kept[0]).toMatchObject({ fileName: 'café.jsonl', partnerId: named });
  });

  it.each<[string, number, () => Promise<{ status: number }>]>([
    ['too long by its own word', 413, () => put(Buffer.alloc(uploadBytes + 1))],
    ['longer than it says, which is nothing', 413, () => unending(uploadBytes + 1_500)],
    [
      'a bomb',
      413,
      () =>
        put(gzipSync(Buffer.alloc(10_000_000)).subarray(0, 4_900), {
          headers: { 'content-encoding': 'gzip' },
        }),
    ],
    ['no gzip', 400, () => put('plain', { headers: { 'content-encoding': 'gzip' } })],
    ['in another encoding', 415, () => put('x', { headers: { 'content-encoding': 'br' } })],
    ['empty', 400, () => put('')],
  ])('is refused where it is %s, and leaves nothing', async (_, status, send) => {
    const sent = await send();

    expect(sent.status).toBe(status);
    await leftNothing();
  });

  it('is nobody’s without a token, and what the subgraph refuses is refused', async () => {
    expect((await put('x', { claims: null })).status).toBe(401);
    expect(kept).toEqual([]);
    const statuses: number[] = [];
    for (const refused of [
      { data: null, errors: [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }] },
      { data: null, errors: [{ message: 'No.', extensions: { code: 'UNAUTHENTICATED' } }] },
      userError('NOT_FOUND'),
      userError('INVALID'),
      userError('LIMIT_REACHED'),
      { data: null, errors: [{ message: 'Gone.' }] },
    ]) {
      answer = () => refused;
      statuses.push((await put('x')).status);
    }

    expect(statuses).toEqual([403, 401, 404, 400, 409, 503]);
    expect(kept).toEqual([]);
  });

  it('leaves nothing where the subgraph keeps no more of it', async () => {
    answer = ({ place }) => (place === 2 ? userError('NOT_FOUND') : null);

    const sent = await put(randomBytes(4_000));

    expect(sent.status).toBe(404);
    await leftNothing();
  });

  it('leaves nothing where its sender goes away', async () => {
    const sending = await slowPut(() => undefined);
    sending.write(randomBytes(2_500));
    await until(() => Promise.resolve(kept.length === 1));

    sending.destroy();

    await until(() => Promise.resolve(dropped.length > 0));
    expect(dropped).toEqual([kept[0]!.id]);
    expect(kept).not.toContainEqual(expect.objectContaining({ isLast: true }));
  });

  it('may take longer than other requests, which are cut as ever', async () => {
    const ends: (number | null)[] = [];
    const sending = await slowPut((status) => ends.push(status));
    // Than the half second, too, that is between two looks for late ones.
    for (const end = Date.now() + requestArrivalMs + 1_000; Date.now() < end;) {
      sending.write('x');
      await sleep(100);
    }
    sending.end();
    await until(() => Promise.resolve(ends.length > 0));

    expect(ends).toEqual([201]);
    expect(bytesKept().toString()).toMatch(/^x{10,}$/);
  });

  it.each([
    ['as it is', {}, Buffer.alloc(0)],
    // With a name in its head that does not end.
    ['with gzip', { 'content-encoding': 'gzip' }, Buffer.from('1f8b0808000000000003', 'hex')],
  ])('is cut where it drips for too long, %s', async (_, headers, head) => {
    const limits = { uploadPieceBytes: 1_000, uploadMs: 500 };
    const hasty = await startSmallGateway({ identity, clients: { partners }, limits });
    let ended: number | null | undefined;
    const sending = await slowPut((status) => (ended ??= status), { url: hasty.url, headers });
    sending.write(head);
    for (const end = Date.now() + 5_000; ended === undefined && Date.now() < end;) {
      sending.write('x');
      await sleep(50);
    }
    sending.destroy();

    expect(ended).toBe(408);
    expect(kept).toEqual([]);
    await hasty.drain();
  });

  it('can be sent by pages of the listed origins', async () => {
    const origin = 'https://app.example';

    const asked = await fetch(`${gateway.url}${path}`, { method: 'OPTIONS', headers: { origin } });

    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-methods')).toBe('PUT');
    const sent = await put('x', { headers: { origin } });
    expect(sent.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('gives its rejected rows back as CSV, some at a time, and no formulas', async () => {
    lines = [2, 5, 9, 12, 13];
    const get = async (name: string, claims: object | null = partner) =>
      fetch(`${gateway.url}/imports/${name}`, {
        headers: claims ? { authorization: await authorizationOf(claims) } : {},
      });
    const name = `${randomUUID()}/rejections.csv`;

    const sent = await get(name);

    expect(sent.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const rows = lines.map((line) => `${line},INVALID,,'=${line}\n`);
    expect(await sent.text()).toBe(`line,code,field,message\n${rows.join('')}`);
    expect((await get(name, null)).status).toBe(401);
    expect((await get('no-id/rejections.csv')).status).toBe(404);
    lines = null;
    expect((await get(name)).status).toBe(404);
  });

  /** What came of a file was dropped, where anything had come of it. */
  async function leftNothing(): Promise<void> {
    const ids = [...new Set(kept.map(({ id }) => id))];
    await until(() => Promise.resolve(dropped.length === ids.length));
    expect(dropped).toEqual(ids);
    expect(kept.filter(({ isLast }) => isLast)).toEqual([]);
  }

  /** Sends so many bytes of a file that goes on. */
  async function unending(bytes: number): Promise<{ status: number }> {
    let status: number | null = null;
    const sending = await slowPut((answered) => (status ??= answered));
    sending.write(randomBytes(bytes));
    await until(() => Promise.resolve(status !== null));
    sending.destroy();
    return { status: status! };
  }
});
