import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createReadStream, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../platform/config.ts';
import { root } from '../../platform/root.ts';
import { scopeInToken, scopesOf } from '../../platform/scopes.ts';

/** Where `npm run build` puts the page's files: in a folder that is named by what is in them. */
const built = join(root, 'dist/graphiql');

const kinds: Record<string, string> = { js: 'text/javascript', css: 'text/css' };

/**
 * Everything comes from this origin. GraphiQL's editor writes its colours into style elements, and
 * its font is in the style sheet.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const guards = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Answers a request for `/` with the page, where a person asks. @returns whether it did */
export type ShowPage = (request: FastifyRequest, reply: FastifyReply) => boolean;

/** Opens GraphiQL's files below `/graphiql`. Where they are not built there is no page. */
export function mountGraphiql(server: FastifyInstance, config: SignInSettings): ShowPage {
  const version = existsSync(built) && readdirSync(built).find((name) => /^[0-9a-f]+$/.test(name));
  if (!version) return () => false;

  const folder = join(built, version);
  const files = new Set(readdirSync(folder));
  server.get<{ Params: { file: string } }>(`/graphiql/${version}/:file`, (request, reply) => {
    const { file } = request.params;
    const kind = kinds[file.split('.').pop()!];
    if (!kind || !files.has(file)) return reply.callNotFound();
    const isPacked = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (isPacked) reply.header('content-encoding', 'gzip');
    return reply
      .headers({ ...guards, 'cache-control': 'public, max-age=31536000, immutable' })
      .header('vary', 'accept-encoding')
      .type(`${kind}; charset=utf-8`)
      .send(createReadStream(join(folder, isPacked ? `${file}.gz` : file)));
  });

  const samples = readFileSync(join(folder, 'samples.json'), 'utf8');
  const page = pageOf(`/graphiql/${version}`, samples, signIns(config));
  return (request, reply) => {
    reply.header('vary', 'accept');
    if (!request.headers.accept?.includes('text/html')) return false;
    void reply.headers(guards).type('text/html; charset=utf-8').send(page);
    return true;
  };
}

type SignInSettings = Pick<Config, 'embeddedIssuer' | 'issuer' | 'publicUrl' | 'redirectUris'>;

/** A button for each application of the embedded provider whose people may come back to this page. */
function signIns({ embeddedIssuer, issuer, publicUrl, redirectUris }: SignInSettings): string {
  const scopes = {
    member: scopesOf('MEMBER'),
    staff: [...scopesOf('ADMIN'), ...scopesOf('PARTNER')],
  };
  const home = `${publicUrl}/`;
  return (['member', 'staff'] as const)
    .filter((kind) => embeddedIssuer && redirectUris[kind].includes(home))
    .map((kind) => {
      const scope = ['openid', ...scopes[kind].map(scopeInToken)].join(' ');
      return `<button type="button" hidden data-issuer="${issuer.replace(/\/$/, '')}"
  data-home="${home}" data-client="${kind}-web" data-scope="${scope}">Sign in: ${kind}</button>`;
    })
    .join('\n');
}

/** @param samples as JSON */
function pageOf(assets: string, samples: string, signInButtons: string): string {
  // Nothing in it may end the element that it stands in.
  const data = samples.replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Coalition: GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets}/graphiql.css">
<link rel="stylesheet" href="${assets}/page.css">
<script type="application/json" id="samples">${data}</script>
<script defer src="${assets}/page.js"></script>
<script defer src="${assets}/graphiql.js"></script>
</head>
<body>
<header id="bar">
<strong>Coalition</strong>
<form id="token">
<label for="bearer">Token</label>
<input id="bearer" name="token" type="password" autocomplete="off" spellcheck="false"
  placeholder="paste what npm run -s token -- … prints; none is the public's view">
<button>Use</button>
<button id="forget" type="button">Forget</button>
${signInButtons}
</form>
<output id="viewer" for="bearer">…</output>
<select id="sample" aria-label="Sample operations"><option value="">Sample operations</option></select>
</header>
<noscript>GraphiQL needs JavaScript; the graph itself is at /graphql.</noscript>
<div id="graphiql"></div>
</body>
</html>
`;
}
