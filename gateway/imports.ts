import { stringify } from 'csv-stringify/sync';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Config } from '../platform/config.ts';
import { httpRefusal, noAnswer } from '../platform/errors.ts';
import { whileItArrives } from '../platform/http.ts';
import type { Viewer } from '../platform/viewer.ts';
import { admitOrigins } from './cors.ts';
import type { AskSubgraph } from './data-source.ts';
import type { FileFront } from './exports.ts';

interface Front extends FileFront {
  askPartners: AskSubgraph;
}

type Ask = (query: string, variables: object) => Promise<Record<string, unknown>>;

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const keepPiece = `mutation ($id: ID!, $partnerId: ID, $fileName: String!, $place: Int!,
    $content: String!, $isLast: Boolean!) {
  kept: uploadActivities(id: $id, partnerId: $partnerId, fileName: $fileName, place: $place,
    content: $content, isLast: $isLast) { upload userErrors { code message } } }`;
const drop = 'mutation ($id: ID!) { dropUpload(id: $id) { upload } }';
const readRejections = `query ($id: ID!, $line: Int!) {
  activityImport(id: $id) { rejectionsAfter(line: $line) { line code field message } } }`;

/**
 * Opens `PUT /imports/<name>`, for files of activities that partners send, and
 * `/imports/<id>/rejections.csv`, for the rows that were not posted. Files go to the partners' subgraph a
 * piece at a time, as fast as it takes them, and rows come from there: who may do so is decided there.
 */
export async function serveImports(server: FastifyInstance, front: Front): Promise<void> {
  const { config, callerOf, contextOf, askPartners } = front;
  const callers = new WeakMap<FastifyRequest, Viewer>();
  const identify = async (request: FastifyRequest, reply: FastifyReply) => {
    const viewer = await callerOf(request, reply);
    if (viewer.audience === 'PUBLIC') {
      const challenge = { 'www-authenticate': 'Bearer', connection: 'close' };
      throw httpRefusal(401, 'UNAUTHENTICATED', 'This needs a token.', challenge);
    }
    callers.set(request, viewer);
  };
  /** Asks as the caller, each time with the whole deadline of an operation. */
  const askerFor = (request: FastifyRequest): Ask => {
    const viewer = callers.get(request)!;
    return async (query, variables) => {
      const context = contextOf(viewer, request);
      const { data, errors } = await askPartners({ query, variables } as never, context);
      if (errors) throw refusalOf(errors[0]?.extensions?.['code']);
      return data as Record<string, unknown>;
    };
  };
  await server.register((scope, _, done) => {
    // Whatever it is called: the file's name says how it is read, when it is imported.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (__, body, parsed) => parsed(null, body));
    const path = '/imports/:name';
    admitOrigins(scope, path, config.corsOrigins, 'PUT');
    scope.put<{ Params: { name: string }; Querystring: { partner?: string } }>(
      path,
      { onRequest: identify },
      async (request, reply) => {
        const take = () => takeFile(request, askerFor(request), config);
        return reply.status(201).send(await whileItArrives(request.raw, take));
      },
    );
    done();
  });
  await server.register((scope, _, done) => {
    const path = '/imports/:id/rejections.csv';
    admitOrigins(scope, path, config.corsOrigins);
    scope.get<{ Params: { id: string } }>(
      path,
      { exposeHeadRoute: false, onRequest: identify },
      async (request, reply) => {
        const { id } = request.params;
        if (!uuid.test(id)) return reply.callNotFound();
        const rows = await rejectionsOf(id, askerFor(request));
        if (!rows) return reply.callNotFound();
        return reply.headers(headersOf(id)).send(rows);
      },
    );
    done();
  });
}

type Put = FastifyRequest<{ Params: { name: string }; Querystring: { partner?: string } }>;

/** Sends a file on, whole or not at all. @returns its name for `startImport`, and how long it is */
async function takeFile(
  request: Put,
  ask: Ask,
  { uploadBytes, limits }: Config,
): Promise<{ upload: string; bytes: number }> {
  const { headers, params, query } = request;
  if (Number(headers['content-length'] ?? 0) > uploadBytes) throw tooLarge(uploadBytes);
  const id = randomUUID();
  const about = { id, partnerId: query.partner ?? null, fileName: params.name };
  const body = bodyOf(request);
  // Whoever drips fills no piece, and unpacks to nothing: it is cut by the clock.
  const timer = setTimeout(() => body.destroy(tooSlow()), limits.uploadMs);
  let bytes = 0;
  let place = 0;
  try {
    const keep = async (piece: Buffer, isLast: boolean) => {
      const content = piece.toString('base64');
      const { kept } = await ask(keepPiece, { ...about, place: place++, content, isLast });
      const { userErrors } = kept as { userErrors: { code: string; message: string }[] };
      if (userErrors[0]) throw refused(userErrors[0]);
    };
    let held: Buffer | null = null;
    for await (const piece of piecesOf(body, limits.uploadPieceBytes)) {
      bytes += piece.length;
      if (bytes > uploadBytes) throw tooLarge(uploadBytes);
      if (held) await keep(held, false);
      held = piece;
    }
    if (!held) throw httpRefusal(400, 'BAD_REQUEST', 'The file is empty.');
    await keep(held, true);
    return { upload: id, bytes };
  } catch (error) {
    // Also where nobody knows whether a piece was kept. Should this fail, too, the worker clears it.
    if (place > 0) await ask(drop, { id }).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What is sent. Whoever leaves off reading, or destroys it, leaves the connection open for an answer. */
function bodyOf({ body, headers }: FastifyRequest): Readable {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  const source = (body ?? Readable.from([])) as Readable;
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw httpRefusal(415, 'BAD_REQUEST', 'A file is sent as it is, or with gzip.', {
      connection: 'close',
    });
  }
  const taken = encoding === 'gzip' ? createGunzip() : new PassThrough();
  source.on('error', (error) => taken.destroy(error));
  return source.pipe(taken);
}

/** The bytes in pieces of one length; the last may be shorter. What cannot be read ends them. */
async function* piecesOf(source: AsyncIterable<Buffer>, length: number): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let held = 0;
  try {
    for await (const chunk of source) {
      chunks.push(chunk);
      held += chunk.length;
      if (held < length) continue;
      const all = Buffer.concat(chunks);
      let start = 0;
      for (; all.length - start >= length; start += length) {
        yield all.subarray(start, start + length);
      }
      chunks = [all.subarray(start)];
      held = all.length - start;
    }
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (!code.startsWith('Z_')) throw error;
    throw httpRefusal(400, 'BAD_REQUEST', 'The file is no gzip.');
  }
  if (held > 0) yield Buffer.concat(chunks);
}

interface Rejected {
  line: number;
  code: string;
  field: string | null;
  message: string;
}

/** The rejected rows as CSV, as fast as the caller takes them; null where there is no such import. */
async function rejectionsOf(id: string, ask: Ask): Promise<Readable | null> {
  const read = async (line: number) => {
    const { activityImport } = await ask(readRejections, { id, line });
    return (activityImport as { rejectionsAfter: Rejected[] } | null)?.rejectionsAfter ?? null;
  };
  const first = await read(0);
  if (!first) return null;
  async function* lines(): AsyncGenerator<string> {
    yield stringify([['line', 'code', 'field', 'message']]);
    for (let some = first; some && some.length > 0; some = await read(some.at(-1)!.line)) {
      // A spreadsheet must not take a partner's own words for a formula.
      yield stringify(
        some.map(({ line, code, field, message }) => [line, code, field, message]),
        { escape_formulas: true },
      );
    }
  }
  // No more than the next rows are read ahead.
  return Readable.from(lines(), { objectMode: false, highWaterMark: 1 });
}

function headersOf(id: string): Record<string, string> {
  return {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="rejections-${id}.csv"`,
    'x-content-type-options': 'nosniff',
  };
}

function tooLarge(most: number): Error {
  const message = `The file is too large: it has at most ${most} bytes.`;
  return httpRefusal(413, 'QUERY_TOO_EXPENSIVE', message, { connection: 'close' });
}

function tooSlow(): Error {
  const message = 'The file takes too long to arrive.';
  return httpRefusal(408, 'BAD_REQUEST', message, { connection: 'close' });
}

/** What the rules refuse. */
function refused({ code, message }: { code: string; message: string }): Error {
  const status = { NOT_FOUND: 404, INVALID: 400, IN_PROGRESS: 503 }[code] ?? 409;
  return httpRefusal(status, 'BAD_USER_INPUT', message, { connection: 'close' });
}

/** What the subgraph answers with instead. */
function refusalOf(code: unknown): Error {
  const close = { connection: 'close' };
  switch (code) {
    case 'UNAUTHENTICATED':
      return httpRefusal(401, code, 'This needs a token.', close);
    case 'FORBIDDEN':
      return httpRefusal(403, code, 'This token does not allow it.', close);
    default:
      return httpRefusal(503, 'SUBGRAPH_UNAVAILABLE', noAnswer, close);
  }
}
