import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { GraphQLError } from 'graphql';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Config } from './config.ts';
import { openDrain } from './drain.ts';
import { presentError } from './errors.ts';

/**
 * A server with the system's limits, `/health/live` and `/health/ready`, not listening yet. `close()` drains it.
 *
 * @param told what `/health/ready` says besides, ready or not
 */
export function createServer(
  config: Config,
  isReady: () => Promise<boolean>,
  told: () => object = () => ({}),
): FastifyInstance {
  const server = fastify({
    trustProxy: trusted(config.trustProxy),
    bodyLimit: config.limits.requestBodyBytes,
    connectionTimeout: config.limits.connectionIdleMs,
    requestTimeout: config.limits.requestArrivalMs,
    http: {
      // Where this is the longer of the two, Node takes each for the other.
      headersTimeout: config.limits.requestHeadMs,
      // Node looks for late requests every half minute unless told otherwise.
      connectionsCheckingInterval: config.limits.requestHeadMs / 20,
      // Its own answer has no body; see below.
      requireHostHeader: false,
    },
    forceCloseConnections: 'idle',
    // What arrives while it drains is answered, and its connection closed.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    // Before a route is found no hook runs.
    frameworkErrors: ({ statusCode }, { id }, reply) =>
      void refuse(reply.headers({ 'x-request-id': id, 'cache-control': 'no-store' }), statusCode),
    clientErrorHandler: refuseUnread,
  });
  server.server.on('connect', (_, socket: Socket) => refuseUnread({}, socket));
  server.addHook('onRequest', ({ raw }, reply, next) => {
    // Source: RFC 9112 §3.2.
    const lacksHost = raw.headers.host === undefined && raw.httpVersion === '1.1';
    if (lacksHost) void refuse(reply.header('cache-control', 'no-store'), 400);
    else next();
  });
  const isDraining = openDrain(server, config);
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/health/ready', async (_, reply) => {
    const ready = !isDraining() && (await isReady().catch(() => false));
    return reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', ...told() });
  });
  server.setErrorHandler((error: { statusCode?: number }, _, reply) =>
    error instanceof GraphQLError ? refuseAs(reply, error) : refuse(reply, error.statusCode),
  );
  server.setNotFoundHandler(refuseUnknown);
  return server;
}

/** A number of proxies counts from this end. */
function trusted(proxies: Config['trustProxy']) {
  return typeof proxies === 'number' ? (_: string, hop: number) => hop < proxies : proxies;
}

/** 405 with the methods that there are, where the path is right; 404 otherwise. */
function refuseUnknown({ server, url }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = url.split('?', 1)[0]!;
  const allowed = server.supportedMethods.filter((method) =>
    server.hasRoute({ method, url: path }),
  );
  if (allowed.length === 0) return refuse(reply, 404);
  return refuse(reply.header('allow', allowed.join(', ')), 405);
}

/** Sends an error that carries its own status and headers. */
function refuseAs(reply: FastifyReply, error: GraphQLError): FastifyReply {
  const { status = 500, headers = new Map<string, string>() } = (error.extensions['http'] ??
    {}) as { status?: number; headers?: Map<string, string> };
  const { message, extensions } = presentError(error.toJSON());
  return reply
    .status(status)
    .headers(Object.fromEntries(headers))
    .send({ errors: [{ message, extensions }] });
}

function refuse(reply: FastifyReply, status = 500): FastifyReply {
  return reply.status(status).send(refusalOf(status));
}

/** Fastify's own answers name its internals; a client gets one shape for all refusals. */
function refusalOf(status: number): object {
  const [code, message] =
    refusals[status] ??
    (status < 500
      ? ['BAD_REQUEST', 'The request cannot be read.']
      : ['INTERNAL_SERVER_ERROR', 'Something went wrong.']);
  return { errors: [{ message, extensions: { code } }] };
}

/** What a request's body is, where there is one. */
export const bodyForm = 'A body is JSON: application/json, in UTF-8 and not compressed.';

const refusals: Record<number, [code: string, message: string]> = {
  404: ['NOT_FOUND', 'There is nothing here.'],
  405: ['BAD_REQUEST', 'This place does not take that method.'],
  408: ['BAD_REQUEST', 'The request takes too long to arrive.'],
  413: ['QUERY_TOO_EXPENSIVE', 'The request is too large.'],
  415: ['BAD_REQUEST', bodyForm],
  431: ['BAD_REQUEST', 'The headers of the request are too large.'],
};

const statusOfUnread: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is not even HTTP: there is no request yet, only its connection. */
function refuseUnread({ code }: { code?: string }, socket: Socket): void {
  // Node asks once for each request, and lets it go on where nothing is done.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT' && slow.has(socket)) return;
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = statusOfUnread[code ?? ''] ?? 400;
  const body = JSON.stringify(refusalOf(status));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** Connections whose request may arrive for longer than others. */
const slow = new WeakSet<Socket>();

/**
 * Lets what a request sends arrive for longer than other requests may: a file. The connection must not stand
 * still meanwhile, as ever; how long all of it takes is for the caller to bound.
 */
export async function whileItArrives<Result>(
  { socket }: IncomingMessage,
  work: () => Promise<Result>,
): Promise<Result> {
  slow.add(socket);
  try {
    return await work();
  } finally {
    slow.delete(socket);
  }
}

/** Listens on the address of the configuration. @returns the URL */
export async function listenOn(
  server: FastifyInstance,
  config: Config,
  part: keyof Config['ports'],
): Promise<string> {
  const [port, host] = [config.ports[part], config.hosts[part]];
  await server.listen({ port, host, backlog: config.limits.connectionsWaiting });
  const address = server.server.address() as AddressInfo;
  return `http://localhost:${address.port}`;
}
