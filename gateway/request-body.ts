import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { httpRefusal } from '../platform/errors.ts';
import type { Limits } from '../platform/limits.ts';

/** Takes JSON, in UTF-8 and no longer than its sender may send, and no other body. */
export function takeJson(scope: FastifyInstance, limits: Limits): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const textOf = (bytes: Buffer) => {
    try {
      return utf8.decode(bytes);
    } catch {
      return null;
    }
  };
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', (request, _payload, done) => {
    readBody(request.raw, bodyLimitOf(request, limits), (error, bytes) => {
      const text = bytes ? textOf(bytes) : null;
      if (text !== null) void parse(request, text, done);
      else done(error ?? httpRefusal(400, 'BAD_REQUEST', 'The body is not UTF-8.'));
    });
  });
}

/** Refuses a body that says that it is too large. @throws GraphQLError QUERY_TOO_EXPENSIVE (HTTP 413) */
export function checkLength(request: FastifyRequest, limits: Limits): void {
  const most = bodyLimitOf(request, limits);
  if (lengthOf(request) > most) throw tooLarge(most);
}

function bodyLimitOf({ viewer }: FastifyRequest, limits: Limits): number {
  return viewer.audience === 'PARTNER' ? limits.partnerBodyBytes : limits.requestBodyBytes;
}

function tooLarge(most: number): Error {
  const message = `The request is too large: its body has at most ${most} bytes.`;
  return httpRefusal(413, 'QUERY_TOO_EXPENSIVE', message, { connection: 'close' });
}

type Read = (error: Error | null, bytes?: Buffer) => void;

/** Reads a body of so many bytes at the most. */
function readBody(raw: IncomingMessage, most: number, done: Read): void {
  const whole = readWhole(raw);
  if (whole) return done(null, whole);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > most) settle(tooLarge(most));
    else chunks.push(chunk);
  };
  const end = () => settle(null, Buffer.concat(chunks));
  // The client has gone: nobody reads what this comes to, and it is no fault.
  const fail = (error: Error) => settle(Object.assign(error, { statusCode: 400 }));
  const settle: Read = (...read) => {
    raw.off('data', take).off('end', end).off('error', fail);
    done(...read);
  };
  raw.on('data', take).on('end', end).on('error', fail);
}

/** The whole of a body that has come with its head, as most have: to listen for it would take longer. */
function readWhole(raw: IncomingMessage): Buffer | null {
  const isThere = raw.readableLength > 0 && raw.readableLength === lengthOf(raw);
  const whole = isThere ? (raw.read() as Buffer) : null;
  // Its end is still to come, and nobody else would take it.
  if (whole) raw.resume();
  return whole;
}

/** What a body says of its length; 0 where it does not. */
function lengthOf({ headers }: Pick<IncomingMessage, 'headers'>): number {
  return Number(headers['content-length'] ?? 0);
}
