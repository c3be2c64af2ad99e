import { jest } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { openFrames } from '../../platform/frames.ts';
import { readAnswer, readBatch, writeAnswer, writeBatch } from '../../platform/hop-batch.ts';
import { memberViewer } from '../support/subgraph.ts';

const key = { id: 'a key', secret: 'c'.repeat(32) };
const viewer = memberViewer('ada');
const viewerText = Buffer.from(JSON.stringify(viewer)).toString('base64url');
const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const place = { subgraph: 'members', channel: 'the-channel', batch: 3 };
const [first, second] = ['{"query":"{ a }"}', '{"query":"{ b(text: \\"Привет 💜\\") }"}\n'];
const hops = [
  { id: 7, told: { viewer, requestId: 'one' }, body: first },
  { id: 8, told: { viewer, requestId: 'two', traceparent: trace }, body: second },
];

/** What goes over the wire, written by hand: gateways and subgraphs of two releases meet. */
const text = Buffer.from(
  `1700000000000 a key\n7 one ${viewerText}  17\n${first}8 two ${viewerText} ${trace} 39\n${second}`,
);
const signature = createHmac('sha256', 'c'.repeat(32))
  .update(Buffer.concat([Buffer.from('hops members\nthe-channel\n3\n'), text]))
  .digest();
const content = Buffer.concat([text, signature]);

function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

describe('hops that go together', () => {
  beforeEach(() => jest.useFakeTimers({ now: 1_700_000_000_000 }));
  afterEach(() => jest.useRealTimers());

  it('are written as a frame with one signature, and read again', () => {
    expect(writeBatch(key, place, hops)).toEqual(framed(content));
    expect(readBatch([key], place, content, 30_000)).toEqual(hops);
  });

  it('hold with none of their bytes changed', () => {
    for (let at = 0; at < content.length; at++) {
      const changed = Buffer.from(content);
      changed[at]! ^= 1;

      expect([at, readBatch([key], place, changed, 30_000)]).toEqual([at, null]);
    }
  });

  it('have answers with their number and status', () => {
    const answer = Buffer.concat([Buffer.from([0, 0, 0, 7, 0, 200]), Buffer.from('{"a":"é"}')]);

    expect(writeAnswer(7, 200, '{"a":"é"}')).toEqual(framed(answer));
    expect(writeAnswer(7, 200, Buffer.from('{"a":"é"}'))).toEqual(framed(answer));
    expect(readAnswer(answer)).toEqual({ id: 7, status: 200, text: '{"a":"é"}' });
  });

  it('come in pieces of any length', () => {
    const contents = ['', 'a', 'long '.repeat(5), 'b'].map((each) => Buffer.from(each));
    const all = Buffer.concat(contents.map(framed));
    for (let piece = 1; piece <= all.length; piece++) {
      const taken: Buffer[] = [];
      const frames = openFrames(25, (frame) => void taken.push(Buffer.from(frame)));
      for (let at = 0; at < all.length; at += piece) frames.read(all.subarray(at, at + piece));

      expect([piece, taken]).toEqual([piece, contents]);
    }
  });
});
