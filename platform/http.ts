import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Config } from './config.ts';

/** A server with the system's limits, `/health/live` and `/health/ready`, not listening yet. */
export function createServer(config: Config, isReady: () => Promise<boolean>): FastifyInstance {
  const server = fastify({
    bodyLimit: config.limits.requestBodyBytes,
    connectionTimeout: config.limits.connectionIdleMs,
    requestTimeout: config.limits.requestArrivalMs,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    // Before a route is found no hook runs.
    frameworkErrors: ({ statusCode }, { id }, reply) =>
      void refuse(reply.headers({ 'x-request-id': id, 'cache-control': 'no-store' }), statusCode),
    clientErrorHandler: refuseUnread,
  });
  let draining = false;
  server.addHook('preClose', async () => {
    draining = true;
    // What is in flight may finish; a client that does not take its answer may not hold the process.
    const { server: http } = server;
    setTimeout(() => http.closeAllConnections(), config.limits.drainMs).unref();
    // A connection that is kept alive would hold the drain, and take requests that come too late.
    http.keepAliveTimeout = 1;
  });
  server.addHook('onSend', async (_, reply) => {
    if (draining) reply.header('connection', 'close');
  });
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/health/ready', async (_, reply) => {
    const ready = !draining && (await isReady().catch(() => false));
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  server.setErrorHandler(({ statusCode }: { statusCode?: number }, _, reply) =>
    refuse(reply, statusCode),
  );
  server.setNotFoundHandler((_, reply) => refuse(reply, 404));
  return server;
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

const refusals: Record<number, [code: string, message: string]> = {
  404: ['NOT_FOUND', 'There is nothing here.'],
  408: ['BAD_REQUEST', 'The request takes too long to arrive.'],
  413: ['QUERY_TOO_EXPENSIVE', 'The request is too large.'],
  431: ['BAD_REQUEST', 'The headers of the request are too large.'],
};

const statusOfUnread: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is not even HTTP: there is no request yet, only its connection. */
function refuseUnread({ code }: { code?: string }, socket: Socket): void {
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

/** Listens on the address of the configuration. @returns the URL */
export async function listenOn(
  server: FastifyInstance,
  config: Config,
  part: keyof Config['ports'],
): Promise<string> {
  await server.listen({ port: config.ports[part], host: config.hosts[part] });
  const { port } = server.server.address() as AddressInfo;
  return `http://localhost:${port}`;
}
