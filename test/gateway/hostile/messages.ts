const init = (payload?: unknown) => JSON.stringify({ type: 'connection_init', payload });
const subscribe = (id: string, query: unknown, more: object = {}) =>
  JSON.stringify({ id, type: 'subscribe', payload: { query, ...more } });
const moved = 'subscription { pointsMoved { id } }';

/** What a client writes on a socket, and the close that it is answered with; `TOKEN` is a member's. */
export const hostileMessages: [name: string, close: number, messages: (string | Buffer)[]][] = [
  ['what is not JSON', 4400, ['hello']],
  ['nothing', 4400, ['']],
  ['null', 4400, ['null']],
  ['a list', 4400, ['[]']],
  ['lists 40,000 deep', 4400, ['['.repeat(40_000) + ']'.repeat(40_000)]],
  ['no type', 4400, ['{}']],
  ['an unknown type', 4400, ['{"type":"__proto__"}']],
  ['another protocol’s start', 4400, ['{"type":"start","id":"1","payload":{}}']],
  ['a token that is an object', 4401, [init({ authorization: {} })]],
  ['a token that is none', 4401, [init({ authorization: 'Bearer x' })]],
  ['no token', 4401, [init()]],
  [
    'a prototype for a token',
    4401,
    ['{"type":"connection_init","payload":{"__proto__":{"authorization":"Bearer x"}}}'],
  ],
  ['a payload that is text', 4400, [init('Bearer x')]],
  ['a subscription before it says who it is', 4401, [subscribe('1', moved)]],
  ['two starts', 4429, ['TOKEN', 'TOKEN']],
  ['a hundred starts', 4429, Array<string>(100).fill('TOKEN')],
  ['a subscription without an id', 4400, ['TOKEN', subscribe('', moved)]],
  ['a query that is an object', 4400, ['TOKEN', subscribe('1', {})]],
  ['variables that are text', 4400, ['TOKEN', subscribe('1', moved, { variables: '{}' })]],
  ['an id twice', 4409, ['TOKEN', subscribe('1', moved), subscribe('1', moved)]],
  [
    'a long id twice',
    4409,
    ['TOKEN', subscribe('é'.repeat(500), moved), subscribe('é'.repeat(500), moved)],
  ],
  ['a message of 100,001 bytes', 1009, ['x'.repeat(100_001)]],
  ['text that is not UTF-8', 1007, [Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe])]],
  ['a frame without a mask', 1002, [Buffer.from([0x81, 0x01, 0x61])]],
  ['a frame of a kind that there is not', 1002, [Buffer.from([0x83, 0x80, 0, 0, 0, 0])]],
  ['a frame that says it is compressed', 1002, [Buffer.from([0xc1, 0x80, 0, 0, 0, 0])]],
  ['a ping of 126 bytes', 1002, [Buffer.from([0x89, 0xfe, 0, 126, 0, 0, 0, 0])]],
  ['a ping in parts', 1002, [Buffer.from([0x09, 0x80, 0, 0, 0, 0])]],
  ['the rest of no message', 1002, [Buffer.from([0x80, 0x80, 0, 0, 0, 0])]],
  [
    'a frame of 2^63 bytes',
    1009,
    [Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255])],
  ],
];
