import type { FastifyInstance } from 'fastify';
import { isRevoked } from './clients.ts';
import type { Config, SubgraphName } from './config.ts';
import type { Database } from './database.ts';
import { eventStreamType, sendEvents } from './event-stream.ts';
import type { Asked } from './execution/operations.ts';
import {
  type HopAnswer,
  type HopRequest,
  type HopTaker,
  ReplayWindow,
  type Told,
  verifyHop,
} from './hop.ts';
import { type BatchedHop, type BatchPlace, channelOpening, readBatch } from './hop-batch.ts';
import type { Limits } from './limits.ts';
import { type Span, continueTrace, endSpan, spanKinds, within } from './tracing.ts';

/** A hop that was let in. */
export interface Admitted {
  /** Whose it is. */
  hop: Told;
  /** What it asks. */
  operation: Asked;
  /** What goes on for it, from its arrival on; who answers it ends it. */
  span: Span | undefined;
}

/** What lets hops in. */
export interface HopGate {
  /** Lets a hop in, or gives the answer of one that may not come in. */
  admit(request: HopRequest): Promise<Admitted | HopAnswer>;
  /** The same for one of a batch that was read: nothing that may write comes in that way. */
  admitRead(told: Told, body: string): Promise<Admitted | HopAnswer>;
  /** The name of a connection for batches, where these headers open one: null where they do not. */
  admitChannel(headers: Record<string, string>): string | null;
  /** The hops of a batch; null where it is not signed for its place. */
  readBatch(place: Omit<BatchPlace, 'subgraph'>, frame: Buffer): BatchedHop[] | null;
  /** Lets nothing in any more. */
  close(): void;
}

/** Lets in hops that are signed for the subgraph, and what may write once. */
export function openHopGate(
  name: SubgraphName,
  { hopKeys, limits }: Pick<Config, 'hopKeys' | 'limits'>,
  db: Database,
): HopGate {
  const seen = new ReplayWindow(limits.hopAgeMs);
  let isClosed = false;
  const verify = (request: HopRequest) => verifyHop(hopKeys, name, request, limits.hopAgeMs);

  async function admitOnce(
    hop: Told | null,
    body: string,
    whyNotWrite: () => string | null,
  ): Promise<Admitted | HopAnswer> {
    if (isClosed) return refused(503, 'SUBGRAPH_UNAVAILABLE', 'This subgraph is going away.');
    const operation = hop && readOperation(body);
    if (!hop || !operation) {
      return refused(403, 'FORBIDDEN', 'The hop is not signed for this subgraph.');
    }
    const why = mayWrite(operation) ? whyNotWrite() : null;
    if (why) return refused(403, 'FORBIDDEN', why);
    const span = beginHop(name, hop, operation);
    if (await within(span, () => isRevoked(db, hop.viewer))) {
      endSpan(span, 'UNAUTHENTICATED');
      return refused(200, 'UNAUTHENTICATED', 'This client was revoked.');
    }
    return { hop, operation, span };
  }

  return {
    admit(request) {
      const hop = verify(request);
      return admitOnce(hop, request.body, () =>
        seen.admit(hop!.nonce) ? null : 'This hop was used before.',
      );
    },
    admitRead: (told, body) => admitOnce(told, body, () => 'What may write comes by itself.'),
    admitChannel(headers) {
      const opened = isClosed ? null : verify({ headers, body: channelOpening });
      return opened && seen.admit(opened.nonce) ? opened.requestId : null;
    },
    readBatch: (place, frame) =>
      readBatch(hopKeys, { ...place, subgraph: name }, frame, limits.hopAgeMs),
    close: () => void (isClosed = true),
  };
}

/** The operation of a signed body. The gateway prints one operation a request, named or not. */
function readOperation(body: string): Asked | null {
  try {
    const operation = JSON.parse(body) as Asked;
    return typeof operation.query === 'string' ? operation : null;
  } catch {
    return null;
  }
}

/** Goes on with the trace that a hop is a part of. */
function beginHop(
  name: SubgraphName,
  { traceparent }: Told,
  { query, operationName }: Asked,
): Span | undefined {
  if (traceparent === undefined) return undefined;
  const [, type = 'query'] = /^\s*(mutation|subscription)\b/.exec(query) ?? [];
  return continueTrace(traceparent, `${name} ${type}`, {
    kind: spanKinds.server,
    attributes: {
      'graphql.operation.type': type,
      ...(operationName && { 'graphql.operation.name': operationName.slice(0, 100) }),
    },
  });
}

/** Whatever does not plainly read may write. */
function mayWrite({ query }: Asked): boolean {
  return !/^\s*(query\b|\{)/.test(query);
}

function refused(status: number, code: string, message: string): HopAnswer {
  return { status, body: { errors: [{ message, extensions: { code } }] } };
}

/** Opens `/graphql` to hops; one that accepts a stream subscribes. */
export function serveHops(server: FastifyInstance, taker: HopTaker, limits: Limits): void {
  // The signature is over the body's bytes: it is parsed after they are checked.
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  );
  server.post('/graphql', { bodyLimit: limits.hopBodyBytes }, async (request, reply) => {
    const headers = request.headers as Record<string, string>;
    const hop = { body: request.body as string, headers };
    const answered = await (headers['accept'] === eventStreamType
      ? taker.subscribe(hop)
      : taker.answer(hop));
    if ('body' in answered) return reply.status(answered.status).send(answered.body);
    reply.hijack();
    reply.raw.setHeader('content-type', eventStreamType);
    await sendEvents(reply.raw, answered.events, limits);
    return reply;
  });
}
