import type { FastifyRequest } from 'fastify';
import type { TrustedDocuments } from './trusted.ts';

/**
 * Puts the document that a request names in its place. @returns the query of its URL
 *
 * @throws GraphQLError DOCUMENT_NOT_FOUND, DOCUMENT_NOT_TRUSTED
 */
export function takeDocument(request: FastifyRequest, trusted: TrustedDocuments): string {
  const search = /\?.*$/.exec(request.url)?.[0] ?? '';
  if (request.method === 'POST') {
    const { body } = request;
    if (isObject(body)) request.body = trusted.resolve(body, request);
    return search;
  }
  const { extensions, ...rest } = request.query as Record<string, string | undefined>;
  const read = readObject(extensions);
  const asked = { ...rest, ...(read && { extensions: read }) };
  const resolved = trusted.resolve(asked, request);
  if (resolved === asked) return search;
  const { extensions: left, ...others } = resolved;
  request.query = { ...others, ...(left ? { extensions: JSON.stringify(left) } : {}) };
  return `?${new URLSearchParams(request.query as Record<string, string>).toString()}`;
}

/** An object that stands in a URL as JSON; null for anything else. */
function readObject(text = ''): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
