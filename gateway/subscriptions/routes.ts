import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../../platform/config.ts';
import { httpRefusal } from '../../platform/errors.ts';
import { eventStreamType, sendEvents } from '../../platform/event-stream.ts';
import { expired, msLeft } from '../tokens.ts';
import type { Answers } from './answers.ts';
import { type Asked, isSubscription } from './documents.ts';
import type { StreamFront } from './front.ts';
import { errorsOf, statusOf, toldErrors } from './refused.ts';
import { type Sockets, openSockets } from './sockets.ts';
import { type Subscriptions, openSubscriptions } from './subscriptions.ts';

/** How requests to the graph become streams. */
export interface SubscriptionRoutes {
  /** Whether a request is answered by a stream, or by a refusal to begin one. */
  isFor(request: FastifyRequest): boolean;
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

const wantsUpgrade = new WeakMap<IncomingMessage, { socket: Duplex; head: Buffer }>();

/** Whether a request is to become a WebSocket. */
export function isUpgrade({ raw }: FastifyRequest): boolean {
  return wantsUpgrade.has(raw);
}

/** Opens the ways to subscriptions: events over HTTP, and WebSockets. They end as the server closes. */
export function serveSubscriptions(
  server: FastifyInstance,
  front: StreamFront,
): SubscriptionRoutes {
  const { config, log } = front;
  const subscriptions = openSubscriptions(front);
  const sockets = openSockets({ ...front, subscriptions });
  // As any request, by the same hooks: what refuses it is an answer over HTTP.
  server.server.on('upgrade', (raw: IncomingMessage, socket: Duplex, head: Buffer) => {
    wantsUpgrade.set(raw, { socket, head });
    const response = new ServerResponse(raw);
    response.assignSocket(socket as never);
    response.once('finish', () => socket.end());
    socket.on('error', () => socket.destroy());
    server.routing(raw, response);
  });
  // Behind the server's own: what is asked until others have noticed is answered.
  server.addHook('preClose', async () => {
    sockets.close();
    subscriptions.close();
  });
  return {
    isFor: (request) => isUpgrade(request) || wantsEvents(request, config),
    async answer(request, reply) {
      const upgrade = wantsUpgrade.get(request.raw);
      if (upgrade) return takeSocket(request, reply, { ...upgrade, sockets, config });
      try {
        const answers = await openFor(request, subscriptions, front);
        return await sendAnswers(request, reply, answers, config);
      } catch (error) {
        const errors = errorsOf(error);
        const status = statusOf(errors);
        if (status >= 500) log.error({ requestId: request.id, err: error }, 'fault');
        const told = errors.map((each) => each.toJSON());
        return reply.status(status).send({ errors: toldErrors(told, request.id) });
      }
    },
  };
}

/** A client that takes nothing else, or one that takes this too and subscribes. */
function wantsEvents({ method, headers, body }: FastifyRequest, { limits }: Config): boolean {
  const { accept = '' } = headers;
  if (method !== 'POST' || !accept.includes(eventStreamType)) return false;
  return !/json|\*/i.test(accept) || isSubscription((body ?? {}) as Asked, limits);
}

function openFor(
  { viewer, id, ip, body }: FastifyRequest,
  subscriptions: Subscriptions,
  { contextOf }: StreamFront,
): Promise<Answers> {
  return subscriptions.open((body ?? {}) as Asked, {
    viewer,
    address: ip,
    createContext: () => contextOf(viewer, id),
  });
}

async function sendAnswers(
  { headers: { authorization } }: FastifyRequest,
  reply: FastifyReply,
  answers: Answers,
  { limits }: Config,
): Promise<FastifyReply> {
  const expiry = authorization
    ? setTimeout(() => answers.end(expired()), msLeft(authorization))
    : undefined;
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

interface Upgrading {
  socket: Duplex;
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
  reply.raw.detachSocket(socket as never);
  sockets.take(raw, { socket, head, caller: { id, ip, authorization: headers.authorization } });
  return reply;
}
