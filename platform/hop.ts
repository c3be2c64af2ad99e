import {
  type Hmac,
  type KeyObject,
  createHmac,
  createSecretKey,
  hash,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';
import type { HopKey } from './config.ts';
import type { Events } from './streams.ts';
import type { Viewer } from './viewer.ts';

/** One call of a subgraph by the gateway: the same over HTTP and in one process. */
export interface HopRequest {
  /** The GraphQL request as JSON. */
  body: string;
  headers: Record<string, string>;
}

/** The answer to a hop: the status as over HTTP, and the GraphQL response. */
export interface HopAnswer {
  status: number;
  body: object;
  /** It is known that its JSON escapes nothing. */
  isPlain?: boolean;
}

/** The answer to a hop that subscribes: its events, or what any other operation is answered with. */
export type HopStream = { events: Events } | HopAnswer;

/** What takes hops. */
export interface HopTaker {
  /** Answers a signed hop; 403 where the signature does not hold. */
  answer(request: HopRequest): Promise<HopAnswer>;
  /** Answers a hop that was signed together with others; 403 where it may write. */
  answerRead(told: Told, body: string): Promise<HopAnswer>;
  /** Answers a signed hop with a subscription: with events, or as `answer` does where it is refused. */
  subscribe(request: HopRequest): Promise<HopStream>;
}

/** What a hop tells of the request that it is for. */
export interface Told {
  viewer: Viewer;
  requestId: string;
  /** What it is a part of, where that is traced. */
  traceparent?: string;
}

/** What a verified hop tells. */
export interface Hop extends Told {
  /** Unique to this call: what the replay window remembers. */
  nonce: string;
}

const headerNames = {
  key: 'coalition-hop-key',
  time: 'coalition-hop-time',
  nonce: 'coalition-hop-nonce',
  request: 'coalition-request-id',
  viewer: 'coalition-viewer',
  // Not W3C's own name: what stands between the parts may write its own there, which nobody has signed.
  trace: 'coalition-traceparent',
  signature: 'coalition-hop-signature',
} as const;

/**
 * The headers of a signed hop: HMAC-SHA256 over the subgraph's name, time, nonce, request id, viewer,
 * the hash of the body and the trace, so that none of them can be changed or used at another subgraph.
 */
export function signHop(
  key: HopKey,
  subgraph: string,
  { viewer, requestId, traceparent }: Told,
  body: string,
): Record<string, string> {
  const headers = {
    [headerNames.key]: key.id,
    [headerNames.time]: String(Date.now()),
    [headerNames.nonce]: randomUUID(),
    [headerNames.request]: requestId,
    [headerNames.viewer]: writeViewer(viewer),
    ...(traceparent !== undefined && { [headerNames.trace]: traceparent }),
  };
  return {
    ...headers,
    [headerNames.signature]: signature(key, subgraph, headers, body).digest('base64url'),
  };
}

/**
 * Who calls, where the signature holds; null where it does not, is older or newer than `ageMs`, or
 * was made for another subgraph, body or key.
 */
export function verifyHop(
  keys: readonly HopKey[],
  subgraph: string,
  { headers, body }: HopRequest,
  ageMs: number,
): Hop | null {
  const key = keys.find(({ id }) => id === headers[headerNames.key]);
  const age = Math.abs(Date.now() - Number(headers[headerNames.time]));
  if (!key || !(age <= ageMs)) return null;
  const given = Buffer.from(headers[headerNames.signature] ?? '', 'base64url');
  const expected = signature(key, subgraph, headers, body).digest();
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const traceparent = headers[headerNames.trace];
  return {
    viewer: readViewer(headers[headerNames.viewer]!),
    requestId: headers[headerNames.request]!,
    nonce: headers[headerNames.nonce]!,
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** As they were written: one operation makes several hops. */
const written = new WeakMap<Viewer, string>();

export function writeViewer(viewer: Viewer): string {
  let header = written.get(viewer);
  if (header === undefined) {
    header = Buffer.from(JSON.stringify(viewer)).toString('base64url');
    written.set(viewer, header);
  }
  return header;
}

export function readViewer(header: string): Viewer {
  type Written = Omit<Viewer, 'steppedUpAt'> & { steppedUpAt: string | null };
  const viewer = JSON.parse(Buffer.from(header, 'base64url').toString()) as Written;
  return { ...viewer, steppedUpAt: viewer.steppedUpAt ? new Date(viewer.steppedUpAt) : null };
}

function signature(
  key: HopKey,
  subgraph: string,
  headers: Record<string, string | undefined>,
  body: string,
): Hmac {
  const signed = [
    subgraph,
    headers[headerNames.time],
    headers[headerNames.nonce],
    headers[headerNames.request],
    headers[headerNames.viewer],
    hash('sha256', body, 'base64url'),
    // One without a trace is signed as it ever was.
    ...(headers[headerNames.trace] === undefined ? [] : [headers[headerNames.trace]]),
  ];
  return createHmac('sha256', secretOf(key)).update(signed.join('\n'));
}

/** As OpenSSL takes them: made for each hop, they would be a third of what a signature costs. */
const secrets = new WeakMap<HopKey, KeyObject>();

export function secretOf(key: HopKey): KeyObject {
  let secret = secrets.get(key);
  if (!secret) {
    secret = createSecretKey(key.secret, 'utf8');
    secrets.set(key, secret);
  }
  return secret;
}

/**
 * Remembers the mutations of the last `ageMs`, so that a recorded one cannot be sent again. Older
 * ones fall to the check of time. It holds what one process has seen: a subgraph that runs as
 * several processes refuses a replay at the process that had the first.
 */
export class ReplayWindow {
  readonly #ageMs: number;
  readonly #seen = new Map<string, number>();

  constructor(ageMs: number) {
    this.#ageMs = ageMs;
  }

  /** True the first time. */
  admit(nonce: string): boolean {
    const now = Date.now();
    // Insertion order is order of time: what is too old stands in front.
    for (const [old, seenAt] of this.#seen) {
      // A hop may be dated ahead by as much as it may be late: keep it for both.
      if (now - seenAt <= 2 * this.#ageMs) break;
      this.#seen.delete(old);
    }
    if (this.#seen.has(nonce)) return false;
    this.#seen.set(nonce, now);
    return true;
  }
}
