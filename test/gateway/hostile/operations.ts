/** A request to the graph that nobody means well by. */
export interface HostileOperation {
  name: string;
  /** The code of its refusal. */
  code: string;
  /** The body, as text: some of it no program would write. */
  body: string;
  /** A body with the same document that is answered: by it, the gateway knows the document. */
  fine?: string;
}

const many = (count: number, text: (index: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, index) => text(index)).join(between);
const nested = (count: number, open: string, leaf: string, close = '}') =>
  open.repeat(count) + leaf + close.repeat(count);
const shown = '@skip(if: false) @include(if: true)';

/** Documents that are too much, or none. */
const documents: [name: string, code: string, document: string][] = [
  ['fields 5,000 deep', 'QUERY_TOO_EXPENSIVE', nested(5_000, '{a', '{b}')],
  ['fields 200 deep', 'QUERY_TOO_EXPENSIVE', nested(200, '{me', '{id}')],
  [
    'fields 40 deep',
    'QUERY_TOO_EXPENSIVE',
    `{ reward(id: "1") { ${nested(40, 'partner { offers { nodes { ', 'id', '}}}')} } }`,
  ],
  ['brackets 50,000 deep', 'QUERY_TOO_EXPENSIVE', '{'.repeat(49_000)],
  [
    'a value 900 deep',
    'GRAPHQL_VALIDATION_FAILED',
    `{ partner(id: ${nested(900, '[', '1', ']')}) { id } }`,
  ],
  [
    'a type 900 deep',
    'GRAPHQL_VALIDATION_FAILED',
    `query ($a: ${nested(900, '[', 'ID', ']')}) { me { id } }`,
  ],
  ['16,000 fields', 'QUERY_TOO_EXPENSIVE', `{ ${'a '.repeat(16_000)} }`],
  ['600 unknown fields', 'GRAPHQL_VALIDATION_FAILED', `{ ${many(600, (i) => `x${i}`)} }`],
  ['1,000 fields of one name', 'GRAPHQL_VALIDATION_FAILED', `{ me { ${'id '.repeat(1_000)} } }`],
  ['300 fields of one name with fields', 'QUERY_TOO_EXPENSIVE', `{ ${'me { id } '.repeat(300)} }`],
  [
    'fields of one name in each other, side by side',
    'QUERY_TOO_EXPENSIVE',
    `{ ${nested(6, 'me { id me { id } ', 'id').repeat(12)} }`,
  ],
  ['1,000 aliases', 'QUERY_TOO_EXPENSIVE', `{ ${many(900, (i) => `a${i}: __typename`)} }`],
  [
    'aliases of a prototype',
    'QUERY_TOO_EXPENSIVE',
    `{ ${many(60, (i) => `__proto__${i}: __typename`)} }`,
  ],
  [
    '300 of one mutation',
    'QUERY_TOO_EXPENSIVE',
    `mutation { ${many(300, (i) => `a${i}: leave`)} }`,
  ],
  [
    '40 passwords at once',
    'QUERY_TOO_EXPENSIVE',
    `mutation { ${many(40, (i) => `a${i}: enrol(input: { email: "a${i}@example.com" }) { userErrors { code } }`)} }`,
  ],
  ['15,000 directives', 'QUERY_TOO_EXPENSIVE', `{ __typename ${'@a '.repeat(15_000)} }`],
  ['500 directives', 'QUERY_TOO_EXPENSIVE', `{ __typename ${'@a '.repeat(500)} }`],
  ['directives on directives', 'QUERY_TOO_EXPENSIVE', `query ${'@a '.repeat(60)} { __typename }`],
  ['six directives of a field', 'QUERY_TOO_EXPENSIVE', `{ __typename ${shown.repeat(3)} }`],
  [
    'a fragment in itself',
    'GRAPHQL_VALIDATION_FAILED',
    '{ me { ...A } } fragment A on Member { id ...A }',
  ],
  [
    'fragments in a ring of 99',
    'GRAPHQL_VALIDATION_FAILED',
    `{ me { ...F0 } } ${many(99, (i) => `fragment F${i} on Member { id ...F${(i + 1) % 99} }`)}`,
  ],
  [
    'fragments that all use each other',
    'GRAPHQL_VALIDATION_FAILED',
    `{ me { ...F0 } } ${many(13, (i) => `fragment F${i} on Member { ${many(13, (j) => `...F${j}`)} }`)}`,
  ],
  [
    'fragments that double 12 times',
    'QUERY_TOO_EXPENSIVE',
    `{ me { ...F0 } } ${many(12, (i) => `fragment F${i} on Member { id ...F${i + 1} ...F${i + 1} }`)}
      fragment F12 on Member { id }`,
  ],
  [
    'fragments that double 90 times',
    'GRAPHQL_VALIDATION_FAILED',
    `{ me { ...F0 } } ${many(90, (i) => `fragment F${i} on Member { id ...F${i + 1} ...F${i + 1} }`)}
      fragment F90 on Member { id }`,
  ],
  [
    'fragments that double in fields of other names',
    'QUERY_TOO_EXPENSIVE',
    `{ me { ...F0 } } ${many(20, (i) => `fragment F${i} on Member { a: household { members { member { ...F${i + 1} } } } b: household { members { member { ...F${i + 1} } } } }`)}
      fragment F20 on Member { id }`,
  ],
  [
    'fragments without a use',
    'GRAPHQL_VALIDATION_FAILED',
    `{ me { id } } ${many(99, (i) => `fragment F${i} on Member { id }`)}`,
  ],
  [
    '1,000 fragments',
    'QUERY_TOO_EXPENSIVE',
    `{ me { id } } ${many(300, (i) => `fragment F${i} on Member{id}`)}`,
  ],
  [
    '200 fragments in each other',
    'QUERY_TOO_EXPENSIVE',
    `{ ${nested(201, '...{', '__typename')} }`,
  ],
  [
    '150 fragments in each other and fields',
    'QUERY_TOO_EXPENSIVE',
    `{ ${nested(150, '... on Query {', 'me { id }')} ${many(60, () => '...{__typename}')} }`,
  ],
  [
    '200 operations',
    'OPERATION_RESOLUTION_FAILURE',
    many(200, (i) => `query A${i} { __typename }`),
  ],
  [
    '200 operations of one name',
    'GRAPHQL_VALIDATION_FAILED',
    'query A { __typename } '.repeat(200),
  ],
  [
    '200 variables',
    'GRAPHQL_VALIDATION_FAILED',
    `query (${many(200, (i) => `$v${i}: Int`)}) { __typename }`,
  ],
  [
    'a variable of an unknown type',
    'GRAPHQL_VALIDATION_FAILED',
    'query ($a: Nothing) { me(a: $a) { id } }',
  ],
  [
    'a variable of the answer’s type',
    'GRAPHQL_VALIDATION_FAILED',
    'query ($a: Member) { __typename }',
  ],
  ['a name of 90,000 letters', 'QUERY_TOO_EXPENSIVE', `{ ${'a'.repeat(90_000)} }`],
  ['an alias of 90,000 letters', 'QUERY_TOO_EXPENSIVE', `{ ${'a'.repeat(90_000)}: x }`],
  [
    'a string of 90,000 letters',
    'GRAPHQL_VALIDATION_FAILED',
    `{ exchangeRates(to: "${'a'.repeat(90_000)}") { to } }`,
  ],
  [
    'a block string of 20,000 lines',
    'GRAPHQL_VALIDATION_FAILED',
    `{ x(a: """${'\n a'.repeat(20_000)}""") }`,
  ],
  ['a comment of 90,000 letters', 'GRAPHQL_VALIDATION_FAILED', `#${'a'.repeat(90_000)}\n{ x }`],
  ['90,000 commas', 'GRAPHQL_PARSE_FAILED', ','.repeat(90_000)],
  [
    'a number of 90,000 digits',
    'GRAPHQL_VALIDATION_FAILED',
    `{ partners(first: ${'9'.repeat(90_000)}) { nodes { id } } }`,
  ],
  [
    'points of 90,000 digits',
    'GRAPHQL_VALIDATION_FAILED',
    `{ quoteConversion(from: "a", to: "b", points: ${'9'.repeat(90_000)}) { points } }`,
  ],
  [
    'a page of 2^31',
    'GRAPHQL_VALIDATION_FAILED',
    '{ partners(first: 2147483648) { nodes { id } } }',
  ],
  ['a page of 1e999', 'GRAPHQL_VALIDATION_FAILED', '{ partners(first: 1e999) { nodes { id } } }'],
  [
    'points of 2^53',
    'GRAPHQL_VALIDATION_FAILED',
    '{ quoteConversion(from: "a", to: "b", points: 9007199254740992) { points } }',
  ],
  [
    'points with a fraction',
    'GRAPHQL_VALIDATION_FAILED',
    '{ quoteConversion(from: "a", to: "b", points: 1.0) { points } }',
  ],
  [
    'a day that is none',
    'GRAPHQL_VALIDATION_FAILED',
    '{ exchangeRates(to: "EUR", on: "2025-02-29") { to } }',
  ],
  [
    'a day of the year 0',
    'GRAPHQL_VALIDATION_FAILED',
    '{ exchangeRates(to: "EUR", on: "0000-01-01") { to } }',
  ],
  [
    'a list of 501',
    'QUERY_TOO_EXPENSIVE',
    `{ rewards(filter: { categories: [${'"a" '.repeat(501)}] }) { nodes { id } } }`,
  ],
  [
    'fields of an input twice',
    'GRAPHQL_VALIDATION_FAILED',
    '{ rewards(filter: { status: LIVE, status: LIVE }) { nodes { id } } }',
  ],
  [
    'an input with a prototype',
    'GRAPHQL_VALIDATION_FAILED',
    '{ rewards(filter: { __proto__: { status: LIVE } }) { nodes { id } } }',
  ],
  [
    'an input with a constructor',
    'GRAPHQL_VALIDATION_FAILED',
    '{ rewards(filter: { constructor: { prototype: 1 } }) { nodes { id } } }',
  ],
  ['a field “__proto__”', 'GRAPHQL_VALIDATION_FAILED', '{ __proto__ { constructor } }'],
  ['a field “constructor”', 'GRAPHQL_VALIDATION_FAILED', '{ constructor }'],
  ['a directive “constructor”', 'GRAPHQL_VALIDATION_FAILED', '{ __typename @constructor }'],
  ['a fragment “__proto__”', 'GRAPHQL_VALIDATION_FAILED', '{ ...__proto__ }'],
  ['a type “__proto__”', 'GRAPHQL_VALIDATION_FAILED', '{ ... on __proto__ { a } }'],
  ['a fragment “on”', 'GRAPHQL_PARSE_FAILED', 'fragment on on Query { a }'],
  [
    'pages of a hundred in each other',
    'QUERY_TOO_EXPENSIVE',
    '{ partners(first: 100) { nodes { offers(first: 100) { nodes { partner { offers(first: 100) { nodes { id } } } } } } } }',
  ],
  [
    'what subgraphs alone answer',
    'GRAPHQL_VALIDATION_FAILED',
    '{ _entities(representations: [{ __typename: "Member", id: "1" }]) { __typename } }',
  ],
  ['a subgraph’s schema', 'GRAPHQL_VALIDATION_FAILED', '{ _service { sdl } }'],
  [
    'the schema in the schema',
    'GRAPHQL_VALIDATION_FAILED',
    `{ __schema { types { ${nested(5, 'fields { type {', 'name', '}}')} } } }`,
  ],
  [
    'the schema often',
    'QUERY_TOO_EXPENSIVE',
    `{ ${many(20, (i) => `a${i}: __schema { types { fields { type { fields { name } } } } }`)} }`,
  ],
  ['a schema', 'GRAPHQL_VALIDATION_FAILED', 'type Query { a: Int } { a }'],
  [
    'a schema’s extension',
    'GRAPHQL_VALIDATION_FAILED',
    '{ __typename } extend type Query { a: Int }',
  ],
  [
    'a long name in many mistakes',
    'QUERY_TOO_EXPENSIVE',
    `query ${'A'.repeat(80_000)}(${many(100, (i) => `$v${i}: Int`)}) { __typename }`,
  ],
  ['no more than a fragment', 'GRAPHQL_VALIDATION_FAILED', 'fragment A on Query { __typename }'],
  ['nothing', 'BAD_REQUEST', ''],
  ['spaces', 'GRAPHQL_PARSE_FAILED', ' \n\t,'],
  ['a zero byte', 'GRAPHQL_PARSE_FAILED', '{ me\u0000 { id } }'],
  ['half a character', 'GRAPHQL_PARSE_FAILED', '{ me \ud83d { id } }'],
  ['half a character in a string', 'GRAPHQL_PARSE_FAILED', '{ x(a: "\ud83d") }'],
  ['half a character as it is escaped', 'GRAPHQL_PARSE_FAILED', '{ x(a: "\\ud83d") }'],
  ['a character beyond the last', 'GRAPHQL_PARSE_FAILED', '{ x(a: "\\u{110000}") }'],
  ['an escape of 50,000 zeros', 'GRAPHQL_PARSE_FAILED', `{ x(a: "\\u{${'0'.repeat(50_000)}}") }`],
  ['letters of another script', 'GRAPHQL_PARSE_FAILED', '{ mе { id } }'],
  ['a line separator', 'GRAPHQL_PARSE_FAILED', '{ me\u2028{ id } }'],
  ['words that turn around', 'GRAPHQL_PARSE_FAILED', '{ me \u202e{ id } }'],
  ['a string without an end', 'GRAPHQL_PARSE_FAILED', `{ x(a: "${'a'.repeat(90_000)}`],
  ['a block string without an end', 'GRAPHQL_PARSE_FAILED', `{ x(a: """${"'".repeat(90_000)}`],
  ['SQL', 'GRAPHQL_PARSE_FAILED', "' OR 1=1; DROP TABLE members; --"],
  ['a page', 'GRAPHQL_PARSE_FAILED', '<script>alert(1)</script>'],
  ['JSON in a query', 'GRAPHQL_PARSE_FAILED', '{"a":1}'],
];

const asked = (query: string, variables: object | string) =>
  `{"query":${JSON.stringify(query)},"variables":${
    typeof variables === 'string' ? variables : JSON.stringify(variables)
  }}`;

const filtered = 'query ($filter: RewardFilter) { rewards(filter: $filter) { nodes { id } } }';
const converted =
  'query ($points: Points!) { quoteConversion(from: "a", to: "b", points: $points) { __typename } }';
const paged = `query ($n: Int) { partners(first: $n) { nodes { offers(first: $n) { nodes { partner {
  offers(first: $n) { nodes { id } } } } } } } }`;
const named = 'query ($id: ID!) { partner(id: $id) { id } }';
const dated = 'query ($on: Date) { exchangeRates(to: "EUR", on: $on) { to } }';

/** Variables of documents that others ask for as well. */
const variables: [
  name: string,
  code: string,
  document: string,
  bad: object | string,
  good: object,
][] = [
  [
    'lists 49,000 deep',
    'QUERY_TOO_EXPENSIVE',
    filtered,
    `{"filter":${nested(49_000, '[', '', ']')}}`,
    {},
  ],
  [
    'objects 15,000 deep',
    'QUERY_TOO_EXPENSIVE',
    filtered,
    `{"filter":${nested(15_000, '{"a":', '1')}}`,
    {},
  ],
  [
    '21 deep where nobody reads them',
    'QUERY_TOO_EXPENSIVE',
    filtered,
    `{"x":${nested(21, '[', '', ']')}}`,
    {},
  ],
  [
    'a list of 501',
    'QUERY_TOO_EXPENSIVE',
    filtered,
    { filter: { categories: Array(501).fill('a') } },
    {},
  ],
  ['a list of 45,000', 'QUERY_TOO_EXPENSIVE', filtered, { x: Array(45_000).fill(1) }, {}],
  [
    '90 lists of 500 that hold nothing right',
    'BAD_USER_INPUT',
    filtered,
    {
      filter: Object.fromEntries(
        Array.from({ length: 90 }, (_, i) => [`a${i}`, Array(400).fill(1)]),
      ),
    },
    {},
  ],
  [
    '500 wrong items',
    'BAD_USER_INPUT',
    filtered,
    { filter: { kinds: Array(500).fill('NOTHING') } },
    {},
  ],
  [
    'a name that is nearly one',
    'BAD_USER_INPUT',
    filtered,
    { filter: { statu: 'LIV', status: 'LIV' } },
    {},
  ],
  [
    'an input with a prototype’s name',
    'BAD_USER_INPUT',
    filtered,
    '{"filter":{"hasOwnProperty":1,"toString":1}}',
    {},
  ],
  ['a list for an object', 'BAD_USER_INPUT', filtered, { filter: [] }, {}],
  ['a string for an object', 'BAD_USER_INPUT', filtered, { filter: '{}' }, {}],
  ['a string for a list’s numbers', 'BAD_USER_INPUT', filtered, { filter: { minPoints: '1' } }, {}],
  ['2^53', 'BAD_USER_INPUT', converted, '{"points":9007199254740992}', { points: 1 }],
  ['2^53 + 1', 'BAD_USER_INPUT', converted, '{"points":9007199254740993}', { points: 1 }],
  ['-2^63', 'BAD_USER_INPUT', converted, '{"points":-9223372036854775808}', { points: 1 }],
  ['1e999', 'BAD_USER_INPUT', converted, '{"points":1e999}', { points: 1 }],
  ['1.5', 'BAD_USER_INPUT', converted, '{"points":1.5}', { points: 1 }],
  [
    'a number of 80,000 digits',
    'BAD_USER_INPUT',
    converted,
    `{"points":${'9'.repeat(80_000)}}`,
    { points: 1 },
  ],
  ['a number as text', 'BAD_USER_INPUT', converted, { points: 'NaN' }, { points: 1 }],
  ['true for a number', 'BAD_USER_INPUT', converted, { points: true }, { points: 1 }],
  ['none of those it needs', 'BAD_USER_INPUT', converted, {}, { points: 1 }],
  ['null for what is needed', 'BAD_USER_INPUT', converted, { points: null }, { points: 1 }],
  ['a page of 2^31', 'BAD_USER_INPUT', paged, { n: 2 ** 31 }, { n: 1 }],
  ['pages of a hundred in each other', 'QUERY_TOO_EXPENSIVE', paged, { n: 100 }, { n: 1 }],
  ['pages of a million', 'QUERY_TOO_EXPENSIVE', paged, { n: 1_000_000 }, { n: 1 }],
  ['an object for a name', 'BAD_USER_INPUT', named, { id: { $gt: '' } }, { id: 'a' }],
  ['a fraction for a name', 'BAD_USER_INPUT', named, { id: 1.5 }, { id: 'a' }],
  ['29 February', 'BAD_USER_INPUT', dated, { on: '2025-02-29' }, { on: '2024-02-29' }],
  [
    'an hour of a day',
    'BAD_USER_INPUT',
    dated,
    { on: '2024-02-29T24:00:00Z' },
    { on: '2024-02-29' },
  ],
  ['the year 10,000', 'BAD_USER_INPUT', dated, { on: '10000-01-01' }, { on: '9999-12-31' }],
  [
    '80,000 digits of a year',
    'BAD_USER_INPUT',
    dated,
    { on: `${'9'.repeat(80_000)}-01-01` },
    { on: '9999-12-31' },
  ],
];

const fine = '{"query":"{ program { name } }"}';
const around = (text: string) => fine.replace('}"}', `}",${text}}`);

/** Bodies of a document that is in order. */
const bodies: [name: string, code: string, body: string][] = [
  ['a batch', 'BAD_REQUEST', `[${fine}]`],
  ['a batch of a thousand', 'BAD_REQUEST', `[${many(1_000, () => fine, ',')}]`],
  ['a list in lists', 'BAD_REQUEST', nested(49_000, '[', '', ']')],
  ['an object in objects', 'BAD_REQUEST', nested(15_000, '{"a":', '1')],
  ['lists without their ends', 'BAD_REQUEST', '['.repeat(90_000)],
  ['a prototype', 'BAD_REQUEST', around('"__proto__":{"query":"{ me { id } }"}')],
  ['a prototype as it is escaped', 'BAD_REQUEST', around('"\\u005f_proto__":{}')],
  ['a constructor’s prototype', 'BAD_REQUEST', around('"constructor":{"prototype":{"a":1}}')],
  ['a prototype in variables', 'BAD_REQUEST', around('"variables":{"a":{"__proto__":{"b":1}}}')],
  ['variables as text', 'BAD_REQUEST', around('"variables":"{}"')],
  ['variables as a list', 'BAD_REQUEST', around('"variables":[1]')],
  ['variables that are true', 'BAD_REQUEST', around('"variables":true')],
  ['a name that is an object', 'BAD_REQUEST', around('"operationName":{"a":1}')],
  ['a name of another', 'OPERATION_RESOLUTION_FAILURE', around('"operationName":"__proto__"')],
  [
    'a name of 80,000 letters',
    'OPERATION_RESOLUTION_FAILURE',
    around(`"operationName":"${'a'.repeat(80_000)}"`),
  ],
  ['extensions as text', 'BAD_REQUEST', around('"extensions":"{}"')],
  ['extensions as a list', 'BAD_REQUEST', around('"extensions":[]')],
  [
    'a stored document of another version',
    'BAD_REQUEST',
    around('"extensions":{"persistedQuery":{"version":2,"sha256Hash":"00"}}'),
  ],
  [
    'a stored document and another text',
    'BAD_REQUEST',
    around('"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}'),
  ],
  [
    'a stored document that is none',
    'PERSISTED_QUERY_NOT_SUPPORTED',
    around('"extensions":{"persistedQuery":"00"}'),
  ],
  ['a stored document’s id', 'DOCUMENT_NOT_FOUND', '{"documentId":"sha256:00"}'],
  ['a query of objects', 'BAD_REQUEST', '{"query":{"toString":"{ me { id } }"}}'],
  ['a comma too many', 'BAD_REQUEST', around('')],
  ['a comment', 'BAD_REQUEST', `/* */${fine}`],
  ['text behind it', 'BAD_REQUEST', `${fine}}`],
  ['two of them', 'BAD_REQUEST', `${fine}\n${fine}`],
  ['NaN', 'BAD_REQUEST', around('"variables":{"a":NaN}')],
  ['a number in hex', 'BAD_REQUEST', around('"variables":{"a":0x10}')],
  ['a line in a string', 'BAD_REQUEST', fine.replace('program', '\n')],
  ['a zero byte', 'BAD_REQUEST', `${fine}\u0000`],
  ['two marks of byte order', 'BAD_REQUEST', `\ufeff\ufeff\ufeff${fine}`],
  ['a body of spaces', 'BAD_REQUEST', ' '.repeat(90_000)],
];

/** What is sent to the graph as a request should be, and is refused. */
export const hostileOperations: readonly HostileOperation[] = [
  ...documents.map(([name, code, query]) => ({ name, code, body: JSON.stringify({ query }) })),
  ...variables.map(([name, code, query, bad, good]) => ({
    name: `variables: ${name}`,
    code,
    body: asked(query, bad),
    fine: asked(query, good),
  })),
  ...bodies.map(([name, code, body]) => ({ name: `a body: ${name}`, code, body, fine })),
];
