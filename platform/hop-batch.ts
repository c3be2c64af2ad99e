import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HopKey } from './config.ts';
import { newFrame } from './frames.ts';
import { type HopAnswer, type Told, readViewer, secretOf, writeViewer } from './hop.ts';

/** How a connection for hops is asked for, by HTTP's Upgrade. */
export const channelPath = '/hops';
export const channelProtocol = 'coalition-hops';
/** What is signed as the body of that. No operation is written so. */
export const channelOpening = 'channel';

/** One of several hops that go together. */
export interface BatchedHop {
  /** Its number on the connection: answers come in any order. */
  id: number;
  told: Told;
  /** The GraphQL request as JSON. */
  body: string;
}

/** Where a batch belongs: it holds at that place alone, and so only once. */
export interface BatchPlace {
  subgraph: string;
  /** The id that the connection was opened with: the gateway makes each once, and its opening holds once. */
  channel: string;
  /** How many batches went before it. */
  batch: number;
}

const signatureBytes = 32;

/**
 * The frame of hops that go together, with one signature behind them: HMAC-SHA256 over its place, the time and all
 * that the hops tell and ask.
 */
export function writeBatch(key: HopKey, place: BatchPlace, hops: readonly BatchedHop[]): Buffer {
  let text = `${Date.now()} ${key.id}\n`;
  for (const { id, told, body } of hops) {
    const { requestId, viewer, traceparent = '' } = told;
    text += `${id} ${requestId} ${writeViewer(viewer)} ${traceparent} ${body.length}\n${body}`;
  }
  const bytes = Buffer.byteLength(text);
  const { frame, start } = newFrame(bytes + signatureBytes);
  frame.write(text, start);
  const signed = frame.subarray(start, start + bytes);
  signatureOf(key, place, signed).copy(frame, start + bytes);
  return frame;
}

/** The hops of a frame; null where its signature does not hold at this place or is older or newer than `ageMs`. */
export function readBatch(
  keys: readonly HopKey[],
  place: BatchPlace,
  frame: Buffer,
  ageMs: number,
): BatchedHop[] | null {
  const signed = frame.subarray(0, -signatureBytes);
  const head = signed.subarray(0, signed.indexOf('\n')).toString();
  const [, time, id] = /^(\d+) (.*)$/.exec(head) ?? [];
  const key = keys.find((each) => each.id === id);
  if (!key || !(Math.abs(Date.now() - Number(time)) <= ageMs)) return null;
  const expected = signatureOf(key, place, signed);
  if (!timingSafeEqual(frame.subarray(-signatureBytes), expected)) return null;
  return readHops(frame);
}

/** The hops of a frame whose signature was checked. */
export function readHops(frame: Buffer): BatchedHop[] {
  const text = frame.subarray(0, -signatureBytes).toString();
  const hops: BatchedHop[] = [];
  for (let at = text.indexOf('\n') + 1; at < text.length;) {
    const start = text.indexOf('\n', at) + 1;
    const [id, requestId, viewer, traceparent, length] = text.slice(at, start - 1).split(' ');
    at = start + Number(length);
    hops.push({
      id: Number(id),
      told: {
        requestId: requestId!,
        viewer: readViewer(viewer!),
        ...(traceparent && { traceparent }),
      },
      body: text.slice(start, at),
    });
  }
  return hops;
}

/** The first line is no other signature's: those begin with the subgraph's name alone. */
function signatureOf(key: HopKey, { subgraph, channel, batch }: BatchPlace, signed: Buffer) {
  return createHmac('sha256', secretOf(key))
    .update(`hops ${subgraph}\n${channel}\n${batch}\n`)
    .update(signed)
    .digest();
}

/** The id of no hop: with it a subgraph says that it takes no more of them on this connection. */
const leavingId = 0;
const headBytes = 6;

/** The frame of an answer. */
export function writeAnswer(id: number, status: number, body: string | Buffer): Buffer {
  const { frame, start } = newFrame(headBytes + Buffer.byteLength(body));
  frame.writeUInt32BE(id, start);
  frame.writeUInt16BE(status, start + 4);
  if (typeof body === 'string') frame.write(body, start + headBytes);
  else body.copy(frame, start + headBytes);
  return frame;
}

/** The frame that says that no more hops are taken. */
export const leavingFrame = writeAnswer(leavingId, 503, '');

/** An answer as it came: its body is read by who waits for it. */
interface WrittenAnswer {
  id: number;
  status: HopAnswer['status'];
  text: string;
}

/** Reads an answer; null where the subgraph takes no more hops. @throws Error where there is none */
export function readAnswer(frame: Buffer): WrittenAnswer | null {
  if (frame.length < headBytes) throw new Error('An answer is too short.');
  const id = frame.readUInt32BE(0);
  if (id === leavingId) return null;
  return { id, status: frame.readUInt16BE(4), text: frame.toString('utf8', headBytes) };
}

/** Which hop the beginning of an answer is for; undefined where that has not come. */
export function idOfBegun(begun: Buffer): number | undefined {
  return begun.length < headBytes ? undefined : begun.readUInt32BE(0);
}
