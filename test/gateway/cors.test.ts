import { type RunningGateway, startSmallGateway } from '../support/gateway.ts';

const app = 'https://app.example';

describe('a page of another origin', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await startSmallGateway({ config: { corsOrigins: [app, 'http://localhost:5173'] } });
  });
  afterAll(() => gateway.drain());

  const ask = (origin: string, body = '{"query":"{ hop }"}') =>
    fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      body,
      headers: { origin, 'content-type': 'application/json' },
    });
  const preflight = (origin: string) =>
    fetch(`${gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const corsOf = ({ headers }: Response) =>
    [...headers].filter(([name]) => name.startsWith('access-control-'));

  it('may call the graph where its origin is listed, and reads what it needs', async () => {
    const asked = await preflight(app);
    const answer = await ask(app);

    expect(asked.status).toBe(204);
    expect(Object.fromEntries(corsOf(asked))).toEqual({
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers':
        'authorization, content-type, content-encoding, apollo-require-preflight, graphql-cost, x-request-id',
      'access-control-max-age': '7200',
      'access-control-expose-headers': 'x-request-id, retry-after, ratelimit, ratelimit-policy',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(app);
    expect(answer.headers.get('vary')).toBe('origin');
  });

  it('reads why it is refused', async () => {
    const answer = await ask(app, '{');

    expect(answer.status).toBe(400);
    expect(answer.headers.get('access-control-allow-origin')).toBe(app);
  });

  it.each([
    'https://other.example',
    'https://app.example.evil.example',
    'http://app.example',
    'https://app.example:8443',
    'null',
  ])('may not where its origin is %s', async (origin) => {
    const answers = [await preflight(origin), await ask(origin)];

    expect(answers.map(corsOf)).toEqual([[], []]);
    // What is cached for one origin is not another's.
    expect(answers.map(({ headers }) => headers.get('vary'))).toEqual(['origin', 'origin']);
  });

  it('is never told to send cookies', async () => {
    const answer = await preflight(app);

    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('may not where none is listed', async () => {
    const closed = await startSmallGateway();

    const answer = await fetch(`${closed.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: app, 'access-control-request-method': 'POST' },
    });
    await closed.drain();

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, POST');
    expect(corsOf(answer)).toEqual([]);
  });
});
