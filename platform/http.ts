import { type FastifyInstance, fastify } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';

/** A server with the system's limits, `/health/live` and `/health/ready`, not listening yet. */
export function createServer(config: Config, isReady: () => Promise<boolean>): FastifyInstance {
  const server = fastify({
    bodyLimit: config.limits.requestBodyBytes,
    connectionTimeout: 10_000,
    requestTimeout: 15_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
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
  // Fastify's own answers name its internals; a client gets one shape for all refusals.
  server.setErrorHandler((error: { statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? 500;
    const code =
      status >= 500
        ? 'INTERNAL_SERVER_ERROR'
        : status === 413
          ? 'QUERY_TOO_EXPENSIVE'
          : 'BAD_REQUEST';
    const message =
      status >= 500
        ? 'Something went wrong.'
        : status === 413
          ? 'The request is too large.'
          : 'The request cannot be read.';
    return reply.status(status).send({ errors: [{ message, extensions: { code } }] });
  });
  server.setNotFoundHandler((_, reply) =>
    reply
      .status(404)
      .send({ errors: [{ message: 'There is nothing here.', extensions: { code: 'NOT_FOUND' } }] }),
  );
  return server;
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
