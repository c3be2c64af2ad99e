import { type Client as SocketClient, createClient as openSockets } from 'graphql-ws';
import WebSocket from 'ws';
import type { GraphQLAnswer } from './subgraph.ts';
import { until } from './until.ts';

/** What a stream has told by now, and how it ended. */
export interface HeardStream {
  answers: GraphQLAnswer[];
  /** "complete", or what it ended by instead; null while it goes on. */
  end: string | null;
  close(): void;
  /** Waits until it has told so many. */
  told(count: number): Promise<GraphQLAnswer[]>;
  ended(): Promise<string>;
}

/** What a stream is of: the field's value in each answer. */
export function valuesOf<Value>({ answers }: HeardStream): Value[] {
  return answers.flatMap(({ data }) => (data ? (Object.values(data) as Value[]) : []));
}

function heard(close: () => void): HeardStream {
  const stream: HeardStream = {
    answers: [],
    end: null,
    close,
    async told(count) {
      await until(() => Promise.resolve(stream.answers.length >= count));
      return stream.answers;
    },
    async ended() {
      await until(() => Promise.resolve(stream.end !== null));
      return stream.end!;
    },
  };
  return stream;
}

/** Subscribes as a client of server-sent events does; it is under way when this resolves. */
export async function subscribeByEvents(
  url: string,
  token: string | null,
  query: string,
  variables: object = {},
): Promise<HeardStream> {
  const aborting = new AbortController();
  const stream = heard(() => aborting.abort());
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: aborting.signal,
  });
  if (answer.headers.get('content-type') !== 'text/event-stream') {
    stream.answers.push((await answer.json()) as GraphQLAnswer);
    stream.end = String(answer.status);
    return stream;
  }
  void hear(answer.body!, stream);
  return stream;
}

async function hear(body: ReadableStream<Uint8Array>, stream: HeardStream): Promise<void> {
  let text = '';
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
        const [kind, value] = text.slice(0, at).split('\n');
        text = text.slice(at + 2);
        if (kind === 'event: next') {
          stream.answers.push(JSON.parse(value!.slice('data: '.length)) as GraphQLAnswer);
        } else if (kind === 'event: complete') stream.end = 'complete';
      }
    }
    stream.end ??= 'closed';
  } catch {
    stream.end ??= 'cut';
  }
}

/** A client of one WebSocket, as applications use it; it does not connect again. */
export function openSocket(url: string, token: string | null): SocketClient {
  return openSockets({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    ...(token && { connectionParams: { authorization: `Bearer ${token}` } }),
    lazy: true,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
  });
}

/** Subscribes over a socket. */
export function subscribeBySocket(
  client: SocketClient,
  query: string,
  variables: Record<string, unknown> = {},
): HeardStream {
  const stream: HeardStream = heard(() => stop());
  const stop = client.subscribe(
    { query, variables },
    {
      next: (answer) => stream.answers.push(answer as GraphQLAnswer),
      complete: () => (stream.end ??= 'complete'),
      error: (reason: unknown) => (stream.end ??= reasonOf(reason)),
    },
  );
  return stream;
}

/** The code of the first error, or of the close. */
function reasonOf(reason: unknown): string {
  if (Array.isArray(reason)) {
    return String((reason as NonNullable<GraphQLAnswer['errors']>)[0]!.extensions?.code);
  }
  return String((reason as { code?: number }).code ?? reason);
}
