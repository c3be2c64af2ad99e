import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Readable } from 'node:stream';
import { forbidden, httpRefusal, noAnswer } from '../platform/errors.ts';
import { admitOrigins } from './cors.ts';
import type { AskSubgraph } from './data-source.ts';
import type { FileFront } from './exports.ts';

interface Front extends FileFront {
  askPartners: AskSubgraph;
}

/** What the partners' subgraph tells of a statement. */
interface Part {
  period: { from: string };
  partner: { code: string };
  /** Of the CSV file, or the page. */
  text: string | null;
}

const csv = `query ($id: ID!, $place: Int!) { settlementStatement(id: $id) {
  period { from } partner { code } text: csvPiece(place: $place) } }`;
const html = `query ($id: ID!) { settlementStatement(id: $id) {
  period { from } partner { code } text: html } }`;
const fileName = /^(?<id>[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.(?<type>csv|html)$/i;

/** A page to print: its own style, by its hash, and nothing else. */
const policy = [
  "default-src 'none'",
  "style-src 'sha256-bRscDcyCyEKAkRgv5hVIPfyglAK+Msw0JNppdB9NWYY='",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Opens `/statements/<id>.csv` and `.html`: a settlement statement, for staff and for the partner whose it
 * is, if the token may read settlement; for everybody else there is nothing. The lines are read a piece at
 * a time, as fast as they are taken; what fails in between is cut, and no whole file.
 */
export async function serveStatements(server: FastifyInstance, front: Front): Promise<void> {
  const { config, callerOf, contextOf, askPartners } = front;
  const path = '/statements/:name';
  await server.register((scope, _, done) => {
    admitOrigins(scope, path, config.corsOrigins);
    scope.get<{ Params: { name: string } }>(
      path,
      { exposeHeadRoute: false },
      async (request, reply) => {
        const { id, type } = fileName.exec(request.params.name)?.groups ?? {};
        const viewer = await callerOf(request, reply);
        if (viewer.audience === 'PUBLIC') {
          const challenge = { 'www-authenticate': 'Bearer' };
          throw httpRefusal(401, 'UNAUTHENTICATED', 'This needs a token.', challenge);
        }
        if (viewer.audience === 'MEMBER' || !id) return reply.callNotFound();
        const read = async (query: string, place: number): Promise<Part | null> => {
          const context = contextOf(viewer, request);
          const { data, errors } = await askPartners({ query, variables: { id, place } }, context);
          if (errors?.some(({ extensions }) => extensions?.['code'] === 'FORBIDDEN')) {
            throw httpRefusal(403, 'FORBIDDEN', forbidden().message);
          }
          if (errors) throw httpRefusal(503, 'SUBGRAPH_UNAVAILABLE', noAnswer);
          return (data as { settlementStatement: Part | null }).settlementStatement;
        };
        const first = await read(type === 'html' ? html : csv, 0);
        if (!first?.text) return reply.callNotFound();
        void reply.header('x-content-type-options', 'nosniff');
        if (type === 'html') return reply.headers(pageHeaders).send(first.text);
        const log = front.log.child({ requestId: request.id });
        const next = async (place: number) => (await read(csv, place))?.text ?? null;
        return reply.headers(fileHeaders(first)).send(streamOf(first.text, next, log));
      },
    );
    done();
  });
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
};

function fileHeaders({ partner, period }: Part): Record<string, string> {
  const name = `statement-${partner.code}-${period.from.slice(0, 7)}.csv`;
  return {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${name}"`,
  };
}

function streamOf(
  first: string,
  read: (place: number) => Promise<string | null>,
  log: Logger,
): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    let text: string | null = first;
    try {
      for (let place = 1; text !== null; place++) {
        yield Buffer.from(text);
        text = await read(place);
      }
    } catch (err) {
      log.warn({ err }, 'statement cut');
      throw err;
    }
  }
  // No more than the next piece is read ahead.
  return Readable.from(pieces(), { objectMode: false, highWaterMark: 1 });
}
