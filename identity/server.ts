import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JSONWebKeySet } from 'jose';
import type Provider from 'oidc-provider';
import type { Logger } from 'pino';
import type { Config } from '../platform/config.ts';
import type { Platform } from '../platform/context.ts';
import { isReachable, openDatabase } from '../platform/connection.ts';
import { Refusal } from '../platform/errors.ts';
import { createServer, listenOn } from '../platform/http.ts';
import { measurePool } from '../platform/part-metrics.ts';
import * as entities from './entities.ts';
import { answerInvitation } from './invitations.ts';
import { hashKeyOf } from './hashes.ts';
import { publicKeys } from './keys.ts';
import { answerHeaders, messagePage } from './pages.ts';
import { homeOf, noteUse, openProvider } from './provider.ts';
import { type SignInMeans, answerSignIn, show } from './sign-in.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** The embedded OpenID provider that runs: in process by `callback`, over HTTP once it listens. */
export interface Identity {
  name: 'identity';
  /** Answers requests whose URL starts after the issuer's path: `/token`, `/jwks`. */
  callback: Listener;
  /** The public keys of the tokens. */
  keys(): JSONWebKeySet;
  /** Opens its HTTP server. @returns the URL */
  listen(): Promise<string>;
  /** Finishes what is in flight, its mail too, and closes the server and the pool. */
  drain(): Promise<void>;
}

/** Starts the provider: its database role, its keys, its server. */
export async function start(config: Config, platform: Platform): Promise<Identity> {
  const log = platform.log.child({ part: 'identity' });
  const source = await openDatabase(
    config.databaseUrls.identity,
    Object.values(entities),
    config.limits,
    'identity',
  );
  measurePool(platform.metrics, 'identity', source);
  const opened = await openProvider(config, source.manager).catch(async (error: unknown) => {
    await source.destroy();
    throw error;
  });
  const { provider, keys } = opened;
  noteUse(opened, source.manager, log);
  servePages(
    {
      db: source.manager,
      provider,
      home: homeOf(config.issuer),
      clock: platform.clock,
      mail: platform.mail,
      sealKey: config.sealKey,
      hashKey: hashKeyOf(config.sealKey),
    },
    log,
  );
  provider.on('server_error', (_, error: unknown) => log.error({ err: error }, 'fault'));
  provider.app.on('error', (error: unknown) => log.error({ err: error }, 'fault'));
  const callback = listenerOf(provider);

  const server = createServer(config, () => isReachable(source));
  // The provider reads bodies itself.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _body, done) => done(null));
  server.all('/*', (request, reply) => {
    reply.hijack();
    callback(request.raw, reply.raw);
  });
  return {
    name: 'identity',
    callback,
    keys: () => publicKeys(keys),
    listen: () => listenOn(server, config, 'identity'),
    async drain() {
      await server.close();
      await platform.mail.settled();
      await source.destroy();
    },
  };
}

/** Puts the pages of ours before the provider's own. */
function servePages(means: SignInMeans, log: Logger): void {
  means.provider.use(async (ctx, next) => {
    ctx.set(answerHeaders);
    try {
      if ((await answerSignIn(ctx, means)) || (await answerInvitation(ctx, means))) return;
    } catch (error) {
      const isRefused = error instanceof Refusal;
      if (!isRefused) log.error({ err: error as Error }, 'fault');
      const text = isRefused ? error.message : 'Something went wrong. Try again in a while.';
      return show(ctx, messagePage('This does not work', text), isRefused ? 400 : 500);
    }
    await next();
  });
}

/**
 * The provider makes its URLs from what it sees of the request. They are to be the issuer's,
 * whatever stands in front of it and whatever a client says in a header: so it is shown the issuer
 * as a proxy would show it. The client's address is the last that a proxy named.
 */
function listenerOf(provider: Provider): Listener {
  const { protocol, host, pathname } = new URL(provider.issuer);
  const path = pathname.replace(/\/$/, '');
  provider.proxy = true;
  // A client may have written the others.
  provider.app.maxIpsCount = 1;
  const answer = provider.callback();
  return (request, response) => {
    // A request may name a host in its target too (RFC 9112 §3.2.2).
    request.url = request.url!.replace(/^https?:\/\/[^/]*/i, '');
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    request.headers['x-forwarded-host'] = host;
    void answer(Object.assign(request, { originalUrl: `${path}${request.url}` }), response);
  };
}
