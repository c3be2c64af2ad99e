import { once } from 'node:events';
import { type IncomingHttpHeaders, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A partner's receiver of webhooks. */
export interface Receiver {
  url: string;
  /** The requests that it got whole, in their order. */
  received: Received[];
  close(): Promise<void>;
}

/**
 * Starts one on this machine.
 *
 * @param answer what it says to a request; 204 where left out
 */
export async function startReceiver(
  answer: (request: Received, response: ServerResponse) => void = (_, response) =>
    void response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((message, response) => {
    let body = '';
    message.on('data', (piece) => (body += String(piece)));
    message.on('end', () => {
      const request = { url: message.url!, headers: message.headers, body };
      received.push(request);
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
