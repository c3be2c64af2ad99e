import type { QueryPlan } from '@apollo/query-planner';
import { type FieldNode, type OperationDefinitionNode, buildSchema, parse } from 'graphql';
import { generateWriter } from '../../../gateway/execution/generated-writer.ts';
import { fragmentsOf } from '../../../gateway/execution/selections.ts';
import { prepare } from '../../../gateway/execution/prepare.ts';
import type { Tree } from '../../../gateway/execution/trees.ts';
import { wordFor } from '../../../gateway/execution/wording.ts';
import { compileWriter } from '../../../gateway/execution/writer.ts';

const schema = buildSchema(`
  scalar Any
  enum Kind { OLD NEW }
  interface Named { name: String }
  type Tag implements Named { name: String }
  type Note implements Named { name: String  text: String! }
  type Row {
    id: ID!  text: String  int: Int  float: Float  yes: Boolean  kind: Kind  any: Any
    sure: String!  constructor: String  toString: Int  __proto: Any
    tree: String  value: String  writing: String  grown: String  path: String  known: String
    tags: [Tag!]  rows: [Row!]  named: Named  more: Row
  }
  type Query { row: Row  rows: [Row!]  sure: [Row!]!  named: [Named] }
`);

/** What the planner was told instead of a client's name. */
const wordings = new Map([['worded', 'worded_asked']]);

const ways = { 'by generated code': 0, 'without it': Infinity };

/** Writes an answer; its data is put together, and its pieces told. */
function write(source: string, data: object, generateAfter: number, isPlain = false) {
  const document = parse(source);
  const [operation] = document.definitions as OperationDefinitionNode[];
  const nameOf = ({ alias, name }: FieldNode) => {
    const own = (alias ?? name).value;
    return wordings.get(own) ?? own;
  };
  const compiled = compileWriter(
    {
      schema,
      fragments: fragmentsOf(document),
      conditions: new Map(),
      wording: { nameOf },
    },
    schema.getQueryType()!,
    operation!.selectionSet,
    generateAfter,
  );
  // As a subgraph's answer is read: with all that each object inherits.
  const written = compiled(JSON.parse(JSON.stringify(data)) as Tree, isPlain);
  return { text: written.data.join(''), pieces: written.data.length, flaws: written.flaws };
}

it('an event of a subscription is looked through', async () => {
  const document = parse('{ row { text } }');
  const wording = wordFor({ names: new Set(), withArguments: new Set() }, '', document);
  const parts = { schema, supergraph: schema, wayTo: () => () => Promise.resolve(null), wording };
  const primary = { kind: 'Fetch', serviceName: 'rows', operation: '' };
  const plan = { kind: 'QueryPlan', node: { kind: 'Subscription', primary } } as QueryPlan;
  const event = { row: { text: 'a"b' } };

  const { data } = await prepare(document, undefined, plan, parts).execute({}, {} as never, event);

  expect(data.join('')).toBe('{"row":{"text":"a\\"b"}}');
});

const realFunction = globalThis.Function;
afterEach(() => {
  globalThis.Function = realFunction;
});

/** Instead of what compiles code. */
function instead(compile: (...parts: string[]) => unknown): string[] {
  const codes: string[] = [];
  globalThis.Function = function (...parts: string[]) {
    codes.push(parts.at(-1)!);
    return compile(...parts);
  } as never;
  return codes;
}

describe('code for objects of a place', () => {
  const row = { row: { id: 'a', text: 'b' } };

  it('writes them once there were enough, and they have it from nobody else', () => {
    instead(() => () => (_: Tree, text: string) => `${text}"written by it"`);

    expect(write('{ row { id text } }', row, 0).text).toBe('"written by it"');
    expect(write('{ row { id text } }', row, 1).text).toBe('{"row":{"id":"a","text":"b"}}');
  });

  it('is made for each place when as many were written there', () => {
    const codes = instead((...parts) => new realFunction(...parts));
    const rows = [1, 2, 3].map((id) => ({ id: String(id), tags: [{ name: 'x' }, { name: 'y' }] }));

    const { text } = write('{ rows { id tags { name } } }', { rows }, 4);

    expect(text).toBe(JSON.stringify({ rows }));
    expect(codes).toHaveLength(1);
    expect(codes[0]).toContain('tree.name');
  });

  it('is done without where the process may make none', () => {
    instead(() => {
      throw new EvalError('Code generation from strings disallowed for this context');
    });

    expect(write('{ row { id text } }', row, 0).text).toBe(JSON.stringify(row));
  });

  it('is done without where there are too many fields', () => {
    const codes = instead((...parts) => new realFunction(...parts));
    const names = Array.from({ length: 101 }, (_, place) => `a${place}`);
    const data = { row: Object.fromEntries(names.map((name) => [name, name])) };

    const selected = names.map((name) => `${name}: text`).join(' ');

    expect(write(`{ row { ${selected} } }`, data, 0).text).toBe(JSON.stringify(data));
    // That is of the query, which has one.
    expect(codes).toHaveLength(1);
  });

  it.each(["a'+process.exit()+'", 'a b', 'é', '1', '', 'a\n', '__proto__;x'])(
    'has no name that is none: %j',
    (name) => {
      const codes = instead((...parts) => new realFunction(...parts));
      const fine = { name: 'a', known: 'a', write: () => null };

      for (const field of [{ name }, { known: name }, { typename: name }]) {
        expect(generateWriter([{ ...fine, ...field }], 0)).toBeNull();
      }
      expect(codes).toEqual([]);
      expect(generateWriter([fine], 0)).not.toBeNull();
    },
  );
});

describe.each(Object.entries(ways))('an answer, %s,', (_way, generateAfter) => {
  const ask = (source: string, data: object) => write(source, data, generateAfter);

  it.each([
    [
      'text',
      [
        '',
        '"',
        '\\',
        '\u0000',
        '\u001f',
        '\u007f\u2028é',
        'x\ud800',
        '\ud83d\ude00',
        "'+1+'",
        null,
      ],
    ],
    ['id', ['a"b', 7, -1]],
    ['int', [0, -7, 2_147_483_648, null]],
    ['float', [0.1, 1e21, 1e-9, -0.5, null]],
    ['yes', [true, false, null]],
    ['kind', ['OLD', 'NEW', null]],
    ['any', ['a"', 1.5, true, { a: ['"', null] }, [1], null]],
  ])('has %s as JSON has it', (field, values) => {
    const rows = values.map((value) => ({ [field]: value }));
    expect(ask(`{ rows { ${field} } }`, { rows }).text).toBe(JSON.stringify({ rows }));
  });

  it.each([
    ['text', [1, true, {}, []]],
    ['id', [1.5, true, null, {}]],
    ['int', [1.5, '1', true, [1]]],
    ['float', ['1', true, {}]],
    ['yes', ['true', 1, 0]],
    ['kind', ['SECRET', 'constructor', 1, {}]],
  ])('has no %s of another type', (field, values) => {
    for (const value of values) {
      const { text, flaws } = ask(`{ row { ${field} } }`, { row: { [field]: value } });
      expect(text).toBe(field === 'id' ? '{"row":null}' : `{"row":{"${field}":null}}`);
      const told =
        value === null ? 'Cannot return null for non-nullable' : 'Invalid value found for';
      expect(flaws).toEqual([
        {
          message: `${told} field Row.${field}.`,
          path: ['row', field],
          extensions: { code: 'INVALID_GRAPHQL' },
        },
      ]);
    }
  });

  it('has nothing that objects inherit, and all that they own', () => {
    const source =
      '{ row { constructor toString __proto__: text valueOf: any hasOwnProperty: yes isPrototypeOf: tree } }';
    const none =
      '{"constructor":null,"toString":null,"__proto__":null,"valueOf":null,"hasOwnProperty":null,"isPrototypeOf":null}';
    const own =
      '{"constructor":"a","toString":1,"__proto__":"b","valueOf":[],"hasOwnProperty":true,"isPrototypeOf":"c"}';

    expect(ask(source, { row: {} })).toMatchObject({ text: `{"row":${none}}`, flaws: [] });
    const data = { row: JSON.parse(own) as object };
    expect(ask(source, data)).toMatchObject({ text: `{"row":${own}}`, flaws: [] });
  });

  it('has fields by names that code has for itself', () => {
    const names = ['tree', 'value', 'writing', 'grown', 'path', 'known', 'if', 'null', 'this'];
    const row = Object.fromEntries(names.map((name) => [name, `the ${name}`]));

    const source = `{ row { ${names.map((name) => `${name}: text`).join(' ')} } }`;

    expect(ask(source, { row }).text).toBe(JSON.stringify({ row }));
  });

  it('has fields by the names that the planner was told for them', () => {
    const row = { worded_asked: 'a', worded: 'b' };

    expect(ask('{ row { worded: text } }', { row }).text).toBe('{"row":{"worded":"a"}}');
    const { flaws } = ask('{ row { worded: text } }', { row: { worded_asked: 1 } });
    expect(flaws).toMatchObject([{ path: ['row', 'worded'] }]);
  });

  it('has what was not answered as null, or null around it', () => {
    expect(ask('{ row { text int tags { name } } }', { row: {} }).text).toBe(
      '{"row":{"text":null,"int":null,"tags":null}}',
    );
    expect(ask('{ row { text sure } named { name } }', { row: { text: 'a' } })).toMatchObject({
      text: '{"row":null,"named":null}',
      flaws: [{ message: 'Cannot return null for non-nullable field Row.sure.' }],
    });
    expect(ask('{ row { id } sure { id } }', { row: { id: '1' }, sure: [null] })).toMatchObject({
      text: 'null',
      pieces: 1,
      flaws: [{ path: ['sure', 0] }],
    });
  });

  it('has the names of types among the fields, wherever they stand', () => {
    const named = [
      { __typename: 'Tag', name: 'a' },
      { __typename: 'Note', name: 'b', text: 'c' },
    ];
    const source =
      '{ t: __typename u: __typename named { a: __typename name b: __typename ... on Note { text c: __typename } } }';

    expect(ask(source, { named }).text).toBe(
      '{"t":"Query","u":"Query","named":[{"a":"Tag","name":"a","b":"Tag"},{"a":"Note","name":"b","b":"Note","text":"c","c":"Note"}]}',
    );
    expect(ask('{ named { ... on Note { text } } }', { named }).text).toBe(
      '{"named":[{},{"text":"c"}]}',
    );
    expect(ask('{ named { __typename } }', { named: [{}] }).text).toBe('{"named":[null]}');
  });

  it('has the place of each flaw, at any depth, a thousand at the most', () => {
    const rows = [{ more: { int: 1, rows: [{ int: 1 }, { int: 'x' }] } }, { more: { int: 'y' } }];
    const { text, flaws } = ask('{ rows { more { int rows { int } } } }', { rows });

    expect(text).toBe(
      '{"rows":[{"more":{"int":1,"rows":[{"int":1},{"int":null}]}},{"more":{"int":null,"rows":null}}]}',
    );
    expect(flaws.map(({ path }) => path)).toEqual([
      ['rows', 0, 'more', 'rows', 1, 'int'],
      ['rows', 1, 'more', 'int'],
    ]);
    const many = Array.from({ length: 1_001 }, () => ({ int: 'x' }));
    expect(ask('{ rows { int } }', { rows: many }).flaws).toHaveLength(1_000);
  });

  it('comes in pieces where it is long, and takes back those of what is null', () => {
    const text = 'x'.repeat(5_000);
    const long = Array.from({ length: 9 }, (_, place) => ({ id: String(place), text }));
    const data = { row: { text, rows: long }, rows: [...long, { text }], sure: [] };

    const whole = ask('{ row { text rows { id text } } sure { id } }', data);
    const cut = ask('{ row { text rows { id text } } rows { id text } sure { id } }', data);

    const { rows: _, ...first } = data;
    expect(whole.text).toBe(JSON.stringify(first));
    expect(whole.pieces).toBeGreaterThan(3);
    expect(cut.text).toBe(JSON.stringify({ row: data.row, rows: null, sure: [] }));
    expect(cut.flaws).toHaveLength(1);
    expect(ask('{ rows { id text } sure { id } }', { rows: long, sure: [null] })).toMatchObject({
      text: 'null',
    });
  });

  it('is not looked through where it is plain, and else is', () => {
    // Nobody says so of such a text: what comes out shows who looked.
    const data = { row: { text: 'a"b', id: 'c"d', any: 'e"f', tags: [{ name: 'g"h' }] } };
    const source = '{ row { text id any tags { name } } }';

    expect(write(source, data, generateAfter, false).text).toBe(JSON.stringify(data));
    expect(write(source, data, generateAfter, true).text).toBe(
      JSON.stringify(data).replaceAll('\\', ''),
    );
  });
});
