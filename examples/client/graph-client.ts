import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { setTimeout } from 'node:timers/promises';

/** A document that `npm run codegen:client` has written, with the types of what goes in and out. */
type Document<Result, Variables> = DocumentTypeDecoration<Result, Variables> & {
  toString(): string;
};

/** What a client cannot mend by other input: one entry of an answer's `errors`. */
export class GraphError extends Error {
  readonly code: string;
  /** Where it is missing in the answer. */
  readonly path: readonly (string | number)[];
  /** Name it when you ask the coalition what went wrong. */
  readonly requestId: string | null;

  constructor({ message, path = [], extensions = {} }: WireError, requestId: string | null) {
    super(message);
    this.code = extensions.code ?? 'INTERNAL_SERVER_ERROR';
    this.path = path;
    this.requestId = extensions.requestId ?? requestId;
  }
}

interface Answer<Result> {
  data: Result;
  /** Parts that are null because they failed; the rest is whole. */
  missing: readonly GraphError[];
}

export interface GraphClient {
  /**
   * Runs an operation, again where it may work in a moment: no answer came, the graph is busy, or a
   * part of it was away. Every mutation that moves points has a key in its variables, so that the
   * same variables again are the same act: make the key before, and keep it until there is an answer.
   *
   * @throws GraphError where there is nothing to show, or the token is refused
   */
  ask<Result, Variables>(
    document: Document<Result, Variables>,
    variables: Variables,
  ): Promise<Answer<Result>>;
}

interface Options {
  url: string;
  /** Asked for each try: a token lives an hour at most. */
  token: () => string | Promise<string>;
  /** How often an operation is sent in all. */
  tries?: number;
  /** The graph itself gives up after 3 seconds. */
  timeoutMs?: number;
  pauseMs?: number;
}

interface WireError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; requestId?: string };
}

export function createGraphClient(options: Options): GraphClient {
  const { tries = 4, pauseMs = 200 } = options;
  return {
    async ask<Result, Variables>(document: Document<Result, Variables>, variables: Variables) {
      const body = JSON.stringify({ query: document.toString(), variables });
      for (let attempt = 1; ; attempt++) {
        const { answer, retryAfterMs } = await send<Result>(options, body);
        if (retryAfterMs === null || attempt === tries) return resultOf(answer);
        // Longer each time, and not all clients at once.
        const pause = pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
        await setTimeout(Math.max(pause, retryAfterMs));
      }
    },
  };
}

interface Sent<Result> {
  answer: { data?: Result | null; errors: GraphError[] };
  /** Null where the answer is final; how long to wait at least where it is not. */
  retryAfterMs: number | null;
}

async function send<Result>(options: Options, body: string): Promise<Sent<Result>> {
  const { url, token, timeoutMs = 5_000 } = options;
  let response: Response;
  let read: { data?: Result | null; errors?: WireError[] };
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    read = (await response.json()) as typeof read;
  } catch (error) {
    // Whether it was done is not known: the same again finds out.
    const away = { message: `No answer: ${(error as Error).message}`, extensions: noAnswer };
    return { answer: { errors: [new GraphError(away, null)] }, retryAfterMs: 0 };
  }
  const requestId = response.headers.get('x-request-id');
  const errors = (read.errors ?? []).map((error) => new GraphError(error, requestId));
  // Part of an answer is worth showing at once.
  const isEmpty = Object.values(read.data ?? {}).every((value) => value === null);
  const mayWorkLater = isEmpty && errors.some(({ code }) => passing.has(code));
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return {
    answer: { ...(read.data !== undefined && { data: read.data }), errors },
    retryAfterMs: mayWorkLater ? seconds * 1_000 : null,
  };
}

const noAnswer = { code: 'NO_ANSWER' };
const passing: ReadonlySet<string> = new Set(['SUBGRAPH_UNAVAILABLE', 'RATE_LIMITED']);

function resultOf<Result>({ data, errors }: Sent<Result>['answer']): Answer<Result> {
  const refused = errors.find(({ code }) => code === 'UNAUTHENTICATED');
  const [first] = errors;
  if (refused) throw refused;
  if (data == null) throw first ?? new GraphError({ message: 'The answer is empty.' }, null);
  return { data, missing: errors };
}
