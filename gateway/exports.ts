import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Readable } from 'node:stream';
import type { Config } from '../platform/config.ts';
import { httpRefusal, noAnswer } from '../platform/errors.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Asking, GatewayContext } from './context.ts';
import { admitOrigins } from './cors.ts';
import type { AskSubgraph } from './data-source.ts';

/** What places need that files are fetched from, or sent to. */
export interface FileFront {
  config: Config;
  log: Logger;
  /** Reads the token, and counts the request. */
  callerOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Viewer>;
  contextOf: (viewer: Viewer, asking: Asking) => GatewayContext;
}

interface Front extends FileFront {
  askMembers: AskSubgraph;
}

/** What the members' subgraph tells of an export. */
interface Part {
  requestedAt: string;
  /** Of the whole document. */
  bytes: number | null;
  piece: string | null;
}

const query = `query ($id: ID!, $place: Int!) {
  dataExport(id: $id) { requestedAt bytes piece(place: $place) } }`;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Opens `/exports/<id>`: the document of an export, for the member whose it is; for everybody else there is
 * nothing. It is read a piece at a time, as fast as the member takes it. What ends before its length is
 * cut, so that nobody takes a part for the whole.
 */
export async function serveExports(server: FastifyInstance, front: Front): Promise<void> {
  const { config, callerOf, contextOf, askMembers } = front;
  const path = '/exports/:id';
  await server.register((scope, _, done) => {
    admitOrigins(scope, path, config.corsOrigins);
    scope.get<{ Params: { id: string } }>(
      path,
      { exposeHeadRoute: false },
      async (request, reply) => {
        const { id } = request.params;
        const viewer = await callerOf(request, reply);
        if (viewer.audience === 'PUBLIC') {
          const challenge = { 'www-authenticate': 'Bearer' };
          throw httpRefusal(401, 'UNAUTHENTICATED', 'This needs a token.', challenge);
        }
        if (viewer.audience !== 'MEMBER' || !uuid.test(id)) return reply.callNotFound();
        const read = async (place: number): Promise<Part | null> => {
          const context = contextOf(viewer, request);
          const { data, errors } = await askMembers({ query, variables: { id, place } }, context);
          if (errors) throw httpRefusal(503, 'SUBGRAPH_UNAVAILABLE', noAnswer);
          return (data as { dataExport: Part | null }).dataExport;
        };
        const first = await read(0);
        if (!first?.piece || !first.bytes) return reply.callNotFound();
        const log = front.log.child({ requestId: request.id });
        return reply.headers(headersOf(first)).send(streamOf(first, read, log));
      },
    );
    done();
  });
}

function headersOf({ requestedAt, bytes }: Part): Record<string, string | number> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes!,
    'content-disposition': `attachment; filename="my-data-${requestedAt.slice(0, 10)}.json"`,
    'x-content-type-options': 'nosniff',
  };
}

function streamOf(
  first: Part,
  read: (place: number) => Promise<Part | null>,
  log: Logger,
): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    let left = first.bytes!;
    let text = first.piece;
    try {
      for (let place = 1; ; place++) {
        if (text === null) throw new Error('The export ends before its length.');
        const piece = Buffer.from(text);
        yield piece;
        left -= piece.length;
        if (left <= 0) return;
        text = (await read(place))?.piece ?? null;
      }
    } catch (err) {
      log.warn({ err }, 'export cut');
      throw err;
    }
  }
  // No more than the next piece is read ahead.
  return Readable.from(pieces(), { objectMode: false, highWaterMark: 1 });
}
