import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IncomingHttpHeaders, type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '../../platform/config.ts';
import { httpRefusal } from '../../platform/errors.ts';
import { eventStreamType, sendEvents } from '../../platform/event-stream.ts';
import { expired, msLeft } from '../tokens.ts';
import type { Answers } from './answers.ts';
import { type Asked, isSubscription } from './documents.ts';
import type { StreamFront } from './front.ts';
import { openLeases } from './leases.ts';
import { errorsOf, statusOf, toldErrors } from './refused.ts';
import { type Sockets, openSockets } from './sockets.ts';
import { type Subscriptions, openSubscriptions } from './subscriptions.ts';

/** How requests to the graph become streams. */
export interface SubscriptionRoutes {
  /** Whether a request is answered by a stream, or by a refusal to begin one. */
  isFor(request: FastifyRequest): boolean;
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

const wantsUpgrade = new WeakMap<IncomingMessage, { socket: Socket; head: Buffer }>();

/** Whether a request is to become a WebSocket. */
export function isUpgrade({ raw }: FastifyRequest): boolean {
  return wantsUpgrade.has(raw);
}

/** Opens the ways to subscriptions: events over HTTP, and WebSockets. They end as the server closes. */
export function serveSubscriptions(
  server: FastifyInstance,
  front: StreamFront,
): SubscriptionRoutes {
  const { config } = front;
  const leases = openLeases(config, front.log);
  const subscriptions = openSubscriptions({ ...front, leases });
  const sockets = openSockets({ ...front, subscriptions, leases });
  server.server.on('upgrade', (raw: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!isSocketRequest(raw)) return askPlainly(server, raw, socket, head);
    wantsUpgrade.set(raw, { socket, head });
    // As any request, by the same hooks: what refuses it is an answer over HTTP.
    const response = new ServerResponse(raw);
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    socket.on('error', () => socket.destroy());
    server.routing(raw, response);
  });
  // Behind the server's own: what is asked until others have noticed is answered.
  server.addHook('preClose', async () => {
    sockets.close();
    subscriptions.close();
  });
  // What they held is given back by then.
  server.addHook('onClose', async () => leases?.close());
  return {
    isFor: (request) => isUpgrade(request) || wantsEvents(request, config),
    async answer(request, reply) {
      const upgrade = wantsUpgrade.get(request.raw);
      if (upgrade) return takeSocket(request, reply, { ...upgrade, sockets, config });
      let answers: Answers;
      try {
        answers = await openFor(request, subscriptions, front);
      } catch (error) {
        const errors = errorsOf(error);
        const told = errors.map((each) => each.toJSON());
        return reply.status(statusOf(errors)).send({ errors: toldErrors(told, request.id) });
      }
      front.admission.leave(reply.raw);
      return sendAnswers(request, reply, answers, config);
    },
  };
}

function isSocketRequest({ method, headers, url = '' }: IncomingMessage): boolean {
  const wanted = headers.upgrade?.toLowerCase() === 'websocket';
  return wanted && method === 'GET' && /^\/graphql(\?|$)/.test(url);
}

/**
 * Some clients offer another protocol with each request, such as h2c, and take HTTP/1.1 as well. Node has
 * stopped to read at the offer: the request comes in once more, without it.
 */
function askPlainly(
  server: FastifyInstance,
  { method, url, rawHeaders }: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) {
      lines.push(`${name}: ${rawHeaders[at + 1]}`);
    }
  }
  const text = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  socket.unshift(Buffer.concat([text, head]));
  server.server.emit('connection', socket);
}

/** A client that takes nothing else, or one that takes this too and subscribes. */
function wantsEvents({ method, headers, body }: FastifyRequest, { limits }: Config): boolean {
  const { accept = '' } = headers;
  if (method !== 'POST' || !accept.includes(eventStreamType)) return false;
  return !/json|\*/i.test(accept) || isSubscription((body ?? {}) as Asked, limits);
}

function openFor(
  request: FastifyRequest,
  subscriptions: Subscriptions,
  { contextOf }: StreamFront,
): Promise<Answers> {
  const { viewer, ip, body } = request;
  return subscriptions.open((body ?? {}) as Asked, {
    viewer,
    address: ip,
    createContext: () => contextOf(viewer, request),
  });
}

async function sendAnswers(
  { headers: { authorization }, span }: FastifyRequest,
  reply: FastifyReply,
  answers: Answers,
  { limits }: Config,
): Promise<FastifyReply> {
  const expiry = authorization
    ? setTimeout(() => answers.end(expired()), msLeft(authorization))
    : undefined;
  // It has begun; what it tells from now on is no part of that.
  span?.end();
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': eventStreamType,
    // Some proxies keep an answer until it is whole.
    'x-accel-buffering': 'no',
  });
  try {
    await sendEvents(reply.raw, answers, limits);
  } finally {
    clearTimeout(expiry);
    await answers.return();
  }
  return reply;
}

/** Whether a WebSocket can be opened by these; what cannot, its library would answer with HTML. */
function isHandshake(headers: IncomingHttpHeaders): boolean {
  const protocols = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
  return (
    /^[+/\dA-Z]{22}==$/i.test(headers['sec-websocket-key'] ?? '') &&
    /^(13|8)$/.test(headers['sec-websocket-version'] ?? '') &&
    protocols.every((each) => /^[\w!#$%&'*+.^`|~-]+$/.test(each)) &&
    new Set(protocols).size === protocols.length
  );
}

interface Upgrading {
  socket: Socket;
  head: Buffer;
  sockets: Sockets;
  config: Config;
}

function takeSocket(
  request: FastifyRequest,
  reply: FastifyReply,
  { socket, head, sockets, config }: Upgrading,
): FastifyReply {
  const { raw, headers, ip, id } = request;
  const { origin, host } = headers;
  if (!isHandshake(headers)) {
    throw httpRefusal(400, 'BAD_REQUEST', 'The handshake of the WebSocket is not in order.', {
      'sec-websocket-version': '13',
    });
  }
  const isKnown =
    !origin ||
    config.corsOrigins.includes(origin) ||
    (URL.canParse(origin) && new URL(origin).host === host);
  if (!isKnown) throw httpRefusal(403, 'FORBIDDEN', 'Pages of this origin may not connect.');
  if (!sockets.hasRoom()) {
    throw httpRefusal(503, 'RATE_LIMITED', 'There is no room for another connection.', {
      'retry-after': '10',
    });
  }
  reply.hijack();
  request.span?.end();
  reply.raw.detachSocket(socket);
  sockets.take(raw, { socket, head, caller: { id, ip, authorization: headers.authorization } });
  return reply;
}
