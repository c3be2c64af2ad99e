import type { FastifyInstance } from 'fastify';

/**
 * Lets pages of the given origins call a path of this scope from a browser. No cookie is read here,
 * and none is asked for: a page shows the token that it holds.
 */
export function admitOrigins(
  scope: FastifyInstance,
  path: string,
  origins: readonly string[],
  methods = 'GET, POST',
): void {
  if (origins.length === 0) return;
  const isAdmitted = (origin?: string): origin is string => !!origin && origins.includes(origin);
  scope.addHook('onRequest', ({ headers: { origin } }, reply, next) => {
    void reply.header('vary', 'origin');
    if (isAdmitted(origin)) {
      void reply.headers({ 'access-control-allow-origin': origin, ...readable });
    }
    next();
  });
  scope.options(path, ({ headers: { origin } }, reply) => {
    if (isAdmitted(origin)) reply.headers(preflightOf(methods));
    return reply.status(204).header('allow', `${methods}, OPTIONS`).send();
  });
}

/** What a page may read of an answer's headers. */
const readable = {
  'access-control-expose-headers': 'x-request-id, retry-after, ratelimit, ratelimit-policy',
};

/** What a browser asks before it sends what a form could not. */
function preflightOf(methods: string): Record<string, string> {
  return {
    'access-control-allow-methods': methods,
    'access-control-allow-headers':
      'authorization, content-type, content-encoding, apollo-require-preflight, graphql-cost, x-request-id',
    // Browsers keep it for two hours at most.
    'access-control-max-age': '7200',
  };
}
