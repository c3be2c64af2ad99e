import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance } from 'fastify';
import type { JWTVerifyGetKey } from 'jose';
import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import type { Config } from '../platform/config.ts';
import { remoteKeys } from './tokens.ts';

const prefix = '/identity';

/** How clients reach the identity part through the gateway, and whose signatures count. */
export interface IdentityDoor {
  keys: JWTVerifyGetKey;
  /** Opens the routes below `/identity`. */
  mount(server: FastifyInstance, log: Logger): Promise<void>;
}

/** The identity part in this process: it takes the request itself, its body unread. */
export function localIdentity(callback: RequestListener, keys: JWTVerifyGetKey): IdentityDoor {
  return {
    keys,
    async mount(server) {
      await server.register((scope, _, done) => {
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
        scope.all(`${prefix}/*`, ({ id, ip, raw }, reply) => {
          reply.hijack();
          reply.raw.setHeader('x-request-id', id);
          // As we see it, whatever the client wrote there.
          raw.headers['x-forwarded-for'] = ip;
          raw.url = raw.url!.slice(prefix.length);
          callback(raw, reply.raw);
        });
        done();
      });
    },
  };
}

/** An issuer that is not ours: its keys count, and clients go to it themselves. */
export function otherIssuer(config: Config): IdentityDoor {
  return { keys: remoteKeys(config), mount: () => Promise.resolve() };
}

/** The identity part as a process of its own. */
export function remoteIdentity(config: Config): IdentityDoor {
  const { origin, pathname } = new URL(config.urls.identity);
  const { identityMs, subgraphConnections } = config.limits;
  return {
    keys: remoteKeys(config),
    async mount(server, log) {
      await server.register(httpProxy, {
        upstream: origin,
        prefix,
        rewritePrefix: pathname.replace(/\/$/, ''),
        undici: {
          connections: subgraphConnections,
          headersTimeout: identityMs,
          bodyTimeout: identityMs,
        },
        replyOptions: {
          // It may have done its work before it failed.
          retryDelay: () => null,
          rewriteRequestHeaders: ({ id, ip }, headers) => ({
            ...headers,
            'x-request-id': id,
            'x-forwarded-for': ip,
          }),
          onError: (reply, { error }) => {
            log.error({ requestId: reply.request.id, err: error }, 'identity unavailable');
            // As OAuth has it, for clients that know no other form. Source: RFC 6749 §4.1.2.1.
            void reply.status(503).send({ error: 'temporarily_unavailable' });
          },
        },
      });
    },
  };
}
