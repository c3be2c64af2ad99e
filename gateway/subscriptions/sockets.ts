import { CloseCode, type Server, handleProtocols, makeServer } from 'graphql-ws';
import { type FormattedExecutionResult, GraphQLError, Kind } from 'graphql';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../callers.ts';
import { msLeft } from '../tokens.ts';
import type { Answers } from './answers.ts';
import { type Counts, openCounts } from './counts.ts';
import type { Leases } from './leases.ts';
import { errorsOf, statusOf, toldErrors } from './refused.ts';
import type { StreamFront } from './front.ts';
import type { Subscriptions } from './subscriptions.ts';

/** The WebSockets of a process. */
export interface Sockets {
  hasRoom(): boolean;
  take(raw: IncomingMessage, taking: Taking): void;
  /** Says goodbye to all, and takes no more. */
  close(): void;
}

interface Taking {
  socket: Duplex;
  head: Buffer;
  caller: Caller;
}

interface Front extends Omit<StreamFront, 'clients'> {
  subscriptions: Subscriptions;
  leases: Leases | null;
}

/** One socket, as the protocol's server knows it. */
interface Connection {
  socket: WebSocket;
  caller: Caller;
}

/** Closes that a client connects again after, by the protocol's own library. */
const [goingAway, tryAgainLater] = [1001, 1013];

/** Opens what speaks `graphql-transport-ws`, for subscriptions alone. */
export function openSockets(front: Front): Sockets {
  const { limits } = front.config;
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (protocols) => handleProtocols(protocols),
    maxPayload: limits.requestBodyBytes,
    perMessageDeflate: false,
  });
  const protocol = openProtocol(front);
  let isClosed = false;
  return {
    hasRoom: () => !isClosed && sockets.clients.size < limits.streams,
    take(raw, { socket, head, caller }) {
      sockets.handleUpgrade(raw, socket, head, (opened) =>
        serveSocket(opened, { caller, protocol, front }),
      );
    },
    close() {
      isClosed = true;
      for (const socket of sockets.clients) {
        socket.close(goingAway, 'Going away');
        setTimeout(() => socket.terminate(), limits.drainMs).unref();
      }
    },
  };
}

/** What a socket's client writes of a token: a page cannot set a header. */
type InitPayload = { authorization?: unknown };

function openProtocol(front: Front): Server<Connection> {
  const { readCaller, contextOf, subscriptions, executor, trusted, leases } = front;
  const counts = openCounts('sockets', front.config.limits, leases);
  return makeServer<InitPayload, Connection>({
    connectionInitWaitTimeout: front.config.limits.socketInitMs,
    onConnect: ({ connectionParams, extra }) =>
      greet(extra, connectionParams, { readCaller, counts }),
    async onSubscribe({ extra: { caller } }, _, asked) {
      try {
        const { viewer } = await readCaller(caller);
        const resolved = trusted.resolve({ ...asked }, { id: caller.id, viewer });
        const answers = await subscriptions.open(resolved, {
          viewer,
          address: caller.ip,
          createContext: () => contextOf(viewer, caller),
        });
        const definitions = [answers.operation];
        return {
          schema: executor.schema,
          document: { kind: Kind.DOCUMENT, definitions },
          contextValue: answers,
        };
      } catch (error) {
        return instancesOf(error, caller.id);
      }
    },
    subscribe: ({ contextValue }) => contextValue as Answers,
    // As it is: its errors are no instances.
    onNext: (_context, _id, _asked, _args, result) => result as FormattedExecutionResult,
  }) as Server<Connection>;
}

/** Finds out who connects. Nobody else gets further; what is open ends with the token. */
async function greet(
  connection: Connection,
  given: InitPayload | undefined,
  { readCaller, counts }: { readCaller: Front['readCaller']; counts: Counts },
): Promise<boolean> {
  const { socket, caller } = connection;
  if (typeof given?.authorization === 'string') caller.authorization = given.authorization;
  const { authorization } = caller;
  if (authorization === undefined) {
    socket.close(CloseCode.Unauthorized, 'This needs a token.');
    return false;
  }
  let leave: () => void;
  try {
    const { viewer } = await readCaller(caller);
    leave = await counts.enter({ viewer, address: caller.ip });
  } catch (error) {
    const errors = errorsOf(error);
    const isOfToken = [401, 403].includes(statusOf(errors));
    socket.close(isOfToken ? CloseCode.Unauthorized : tryAgainLater, errors[0]!.message);
    return false;
  }
  const expiry = setTimeout(
    () => socket.close(CloseCode.Forbidden, 'The token has expired.'),
    msLeft(authorization),
  );
  const closed = () => {
    clearTimeout(expiry);
    leave();
  };
  if (socket.readyState === socket.OPEN) socket.once('close', closed);
  else closed();
  return true;
}

/** What the protocol's server sends as errors. */
function instancesOf(error: unknown, requestId: string): GraphQLError[] {
  const errors = errorsOf(error).map((each) => each.toJSON());
  return toldErrors(errors, requestId).map(
    ({ message, extensions }) => new GraphQLError(message, { extensions: { ...extensions } }),
  );
}

interface Serving {
  caller: Caller;
  protocol: Server<Connection>;
  front: Front;
}

/** A close has room for so much; a reason may quote what the client sent. */
function fitting(reason: string | undefined): string | undefined {
  return Buffer.byteLength(reason ?? '') <= 123 ? reason : undefined;
}

/** Carries messages between a socket and the protocol's server, and cuts a socket that is dead or does not read. */
function serveSocket(socket: WebSocket, { caller, protocol, front }: Serving): void {
  const { log, config } = front;
  const { streamBeatMs, streamStallMs, socketBytes } = config.limits;
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // The next event is asked for when this one has gone out.
      send: (text) =>
        new Promise((resolve) => {
          if (socket.readyState !== socket.OPEN) return resolve();
          if (socket.bufferedAmount > socketBytes) return resolve(socket.terminate());
          socket.send(text, () => resolve());
        }),
      close: (code, reason) => socket.close(code, fitting(reason)),
      onMessage: (take) =>
        socket.on('message', (text: Buffer) => {
          take(text.toString()).catch((err: unknown) => {
            log.error({ requestId: caller.id, err }, 'fault');
            socket.close(CloseCode.InternalServerError, 'Something went wrong.');
          });
        }),
    },
    { socket, caller },
  );
  let heardAt = performance.now();
  socket.on('pong', () => (heardAt = performance.now()));
  const beats = setInterval(() => {
    if (performance.now() - heardAt > streamStallMs) socket.terminate();
    else socket.ping();
  }, streamBeatMs);
  // Its close follows.
  socket.on('error', () => undefined);
  socket.once('close', (code, reason) => {
    clearInterval(beats);
    void closed(code, reason.toString());
  });
}
