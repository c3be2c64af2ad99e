import { connect } from 'node:net';
import { type Message, openReader } from './wire.ts';

export interface Load {
  port: number;
  request: Buffer;
  connections: number;
  seconds: number;
  /** How long each answer is: what was checked is not read again. */
  bytes: number;
}

/** The requests that were answered, and how long each took, in ms. */
export interface Loaded {
  took: Float64Array;
  seconds: number;
}

export function requestOf(body: object, headers: Readonly<Record<string, string>> = {}): Buffer {
  const text = Buffer.from(JSON.stringify(body));
  const head = [
    'POST /graphql HTTP/1.1',
    'host: 127.0.0.1',
    'accept: application/json',
    'content-type: application/json',
    `content-length: ${text.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), text]);
}

/** Sends one request. */
export function ask(port: number, request: Buffer): Promise<Message> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request));
    socket.on('error', reject);
    const read = openReader((message) => {
      socket.destroy();
      resolve(message);
    });
    socket.on('data', read);
  });
}

/**
 * Keeps connections busy, each with its next request when it has an answer.
 *
 * @throws Error an answer is not the one that was checked
 */
export async function drive(load: Load): Promise<Loaded> {
  const took: number[] = [];
  const startedAt = performance.now();
  const end = startedAt + load.seconds * 1_000;
  await Promise.all(Array.from({ length: load.connections }, () => keepBusy(load, end, took)));
  return {
    took: Float64Array.from(took).sort(),
    seconds: (performance.now() - startedAt) / 1_000,
  };
}

function keepBusy({ port, request, bytes }: Load, end: number, took: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, send);
    function send(): void {
      sentAt = performance.now();
      socket.write(request);
    }
    const read = openReader(({ head, body }) => {
      const now = performance.now();
      if (!head.startsWith('HTTP/1.1 200') || body.length !== bytes) {
        socket.destroy();
        reject(new Error(`Another answer than before: ${head}\n${body.toString().slice(0, 500)}`));
        return;
      }
      took.push(now - sentAt);
      if (now < end) send();
      else socket.end(resolve);
    });
    socket.on('data', read);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The gateway closed a connection.')));
  });
}
