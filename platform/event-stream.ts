/** Events over HTTP: `text/event-stream`, as the protocol graphql-sse has it for a connection each. */
import type { ServerResponse } from 'node:http';
import type { Limits } from './limits.ts';
import type { Events } from './streams.ts';

export const eventStreamType = 'text/event-stream';

/** What a stream without a word in between may take to be missed, on both sides. */
type Pace = Pick<Limits, 'streamBeatMs' | 'streamStallMs'>;

const [next, complete, beat] = ['event: next\ndata: ', 'event: complete\ndata:\n\n', ':\n\n'];

/**
 * Sends events, each when its reader has taken those before it, and nothing but a sign of life while there
 * are none. A reader who takes nothing for a while is cut.
 */
export async function sendEvents(
  response: ServerResponse,
  events: Events,
  { streamBeatMs, streamStallMs }: Pace,
): Promise<void> {
  const ended = () => void events.return?.();
  response.once('close', ended);
  response.flushHeaders();
  // The headers say that it is under way; some clients hear of them with the first byte behind them.
  response.write(beat);
  const beats = setInterval(() => {
    if (!response.writableNeedDrain) response.write(beat);
  }, streamBeatMs);
  try {
    for await (const event of events) {
      const isTaken = response.write(`${next}${JSON.stringify(event)}\n\n`);
      if (!isTaken) await drained(response, streamStallMs);
      if (response.destroyed) return;
    }
    response.end(complete);
  } finally {
    clearInterval(beats);
  }
}

/** Waits until what was written has gone out, or the connection is closed; closes it after a while. */
function drained(response: ServerResponse, mostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => response.destroy(), mostMs);
    const done = () => {
      clearTimeout(cut);
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
}

/**
 * Reads such a stream.
 *
 * @throws Error where it ends before it is complete, or an event is longer than that
 */
export async function* readEvents(
  chunks: AsyncIterable<Buffer>,
  mostBytes: number,
): AsyncGenerator<object> {
  const utf8 = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += utf8.decode(chunk, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop()!;
    if (text.length > mostBytes) throw new Error('An event is too long.');
    for (const part of parts) {
      if (part.startsWith('event: complete')) return;
      if (part.startsWith(next)) yield JSON.parse(part.slice(next.length)) as object;
    }
  }
  throw new Error('The stream was cut.');
}
