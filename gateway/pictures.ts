import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../platform/root.ts';

const folder = join(root, 'pictures');

interface Picture {
  svg: Buffer;
  /** Of these bytes: a browser that has them is not sent them again. */
  etag: string;
}

const headers = {
  'content-type': 'image/svg+xml',
  'cache-control': 'public, max-age=3600',
  'x-content-type-options': 'nosniff',
  // An SVG that is opened by itself is a page of this origin: it runs and loads nothing.
  'content-security-policy': "default-src 'none'; sandbox",
  // Frontends on other origins show them.
  'cross-origin-resource-policy': 'cross-origin',
};

/** Serves the files of pictures/, and nothing else, below `/pictures`. They are read once, here. */
export function servePictures(server: FastifyInstance): void {
  const pictures = new Map(readdirSync(folder).map((name) => [name, readPicture(name)]));
  server.get<{ Params: { name: string } }>('/pictures/:name', (request, reply) => {
    const picture = pictures.get(request.params.name);
    if (!picture) return reply.callNotFound();
    void reply.headers({ ...headers, etag: picture.etag });
    return request.headers['if-none-match'] === picture.etag
      ? reply.status(304).send()
      : reply.send(picture.svg);
  });
}

function readPicture(name: string): Picture {
  const svg = readFileSync(join(folder, name));
  return { svg, etag: `"${createHash('sha256').update(svg).digest('base64url')}"` };
}
