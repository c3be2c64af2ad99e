import { localClient } from '../../gateway/subgraph-client.ts';
import { type RunningGateway, post, startSmallGateway } from '../support/gateway.ts';
import { smallSubgraph } from '../support/small-graph.ts';

/** Values that the contract's scalars do not take, as they stand in JSON. */
const wrong: [argument: string, type: string, value: unknown][] = [
  ['points', 'Points', 1.5],
  ['points', 'Points', '7'],
  ['at', 'DateTime', '2026-11-21'],
  ['on', 'Date', '2026-99-01'],
];
const wrongInInput: [field: string, type: string, value: unknown][] = [
  ['amount', 'Decimal', 12.5],
  ['currency', 'CurrencyCode', 'EURO'],
];

describe('a value of the contract’s scalars', () => {
  let gateway: RunningGateway;
  const asked: unknown[] = [];
  const { answer } = smallSubgraph('partners');
  beforeAll(async () => {
    const partners = localClient({
      answer(request) {
        asked.push(JSON.parse(request.body));
        return answer(request);
      },
    });
    gateway = await startSmallGateway({ clients: { partners } });
  });
  afterAll(() => gateway.drain());
  beforeEach(() => void (asked.length = 0));

  it.each([
    ...wrong.map(([name, type, value]) => [type, value, `${name}: ${JSON.stringify(value)}`]),
    ...wrongInInput.map(([name, type, value]) => [
      type,
      value,
      `input: { ${name}: ${JSON.stringify(value)} }`,
    ]),
  ])('is refused where it is written in the document: %s %j', async (type, value, argument) => {
    const { status, body } = await post(gateway.url, `{ quote(${argument as string}) }`);

    expect(body).toEqual({
      errors: [
        {
          message: expect.stringContaining(
            `Expected value of type "${type as string}", found ${JSON.stringify(value)}; `,
          ) as string,
          locations: [
            {
              line: 1,
              column: 1 + `{ quote(${argument as string}`.lastIndexOf(JSON.stringify(value)),
            },
          ],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    });
    expect(status).toBe(400);
    expect(asked).toEqual([]);
  });

  it.each(wrong)('is refused as a variable: %s of %s %j', async (argument, type, value) => {
    const query = `query ($v: ${type}) { quote(${argument}: $v) }`;

    const { status, body } = await post(gateway.url, query, {}, { v: value });

    expect(body).toEqual(refusedVariable(`"$v" got invalid value ${JSON.stringify(value)}`, type));
    expect(status).toBe(400);
    expect(asked).toEqual([]);
  });

  it.each(wrongInInput)('is refused in a variable: %s of %s %j', async (field, type, value) => {
    const query = 'query ($v: QuoteInput) { quote(input: $v) }';

    const { status, body } = await post(gateway.url, query, {}, { v: { [field]: value } });

    const what = `"$v" got invalid value ${JSON.stringify(value)} at "v.${field}"`;
    expect(body).toEqual(refusedVariable(what, type));
    expect(status).toBe(400);
    expect(asked).toEqual([]);
  });

  it('reaches the subgraph as the client wrote it', async () => {
    const query = 'query ($p: Points, $at: DateTime) { quote(points: $p, at: $at) }';
    const variables = { p: 7, at: '2026-11-21T10:00:00+02:00' };

    const { body } = await post(gateway.url, query, {}, variables);
    const inline = await post(
      gateway.url,
      '{ quote(points: 7, at: "2026-11-21T10:00:00+02:00", input: { amount: "12.50" }) }',
    );

    expect(body).toEqual({ data: { quote: 'bigint true' } });
    expect(inline.body).toEqual({ data: { quote: 'bigint true' } });
    expect(asked).toMatchObject([
      { variables },
      { query: expect.stringContaining('at:"2026-11-21T10:00:00+02:00"') as string },
    ]);
  });

  function refusedVariable(what: string, type: string) {
    return {
      errors: [
        {
          message: expect.stringContaining(`Variable ${what}; Expected type "${type}". `) as string,
          locations: [{ line: 1, column: 8 }],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    };
  }
});
