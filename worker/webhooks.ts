import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook as Signer } from 'standardwebhooks';
import { type Dispatcher, request } from 'undici';
import type { Config } from '../platform/config.ts';
import { type Database, rows } from '../platform/database.ts';
import { type ReceiverSettings, openReceivers } from '../platform/receivers.ts';
import { unseal } from '../platform/seal.ts';

export interface WebhookSettings extends ReceiverSettings, Pick<Config, 'sealKey'> {
  mayGoOn: () => boolean;
  /** Tells that the worker ends. */
  ending: AbortSignal;
}

/** A delivery that was taken, with where it goes and what signs it. */
interface Taken {
  webhookId: string;
  url: string;
  secrets: string[];
  /** Those of one lane are sent one after the other. */
  lane: string;
  id: string;
  event: string;
  payload: object;
  occurredAt: Date;
}

interface Attempt {
  id: string;
  /** Of the answer; null where there was none. */
  status: number | null;
  /** Seconds. */
  retry_after: number | null;
}

/** Receivers do not put a delivery off for longer, whatever they ask for. */
const retryAfterMax = 3_600;

/**
 * Tells partners of what happens, as long as it may go on. Each receiver has a queue of its own: one that
 * is slow or fails holds up no other.
 *
 * @returns how many deliveries it tried
 */
export async function deliverWebhooks(db: Database, settings: WebhookSettings): Promise<number> {
  const { limits, mayGoOn, ending } = settings;
  const receivers = openReceivers(settings);
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let tried = 0;
  const start = (taken: Taken[]) => {
    const round = callReceiver(db, taken, { ...settings, receivers })
      .then((attempts) => void (tried += attempts))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(round));
    underWay.add(round);
  };
  try {
    do {
      const queued = await queueEvents(db, limits.jobNoticesMax);
      while (underWay.size < limits.webhookReceivers) {
        const taken = await takeNext(db, limits);
        if (taken.length === 0) break;
        start(taken);
      }
      if (queued > 0) continue;
      const pause = sleep(limits.webhookPauseMs, undefined, { signal: ending }).catch(() => {});
      await Promise.race([pause, ...underWay]);
    } while (mayGoOn() && failures.length === 0);
  } finally {
    await Promise.all(underWay);
    await receivers.destroy();
  }
  if (failures.length > 0) throw failures[0];
  return tried;
}

async function queueEvents(db: Database, max: number): Promise<number> {
  const [queued] = await rows<{ count: number }>(
    db,
    'SELECT partners.queue_webhooks($1) AS count',
    [max],
  );
  return queued!.count;
}

function takeNext(
  db: Database,
  { webhookAtOnce, webhookInTurn, webhookLeaseMs }: ReceiverSettings['limits'],
): Promise<Taken[]> {
  return rows<Taken>(
    db,
    `SELECT webhook_id AS "webhookId", url, secrets, lane, id, event, payload, occurred_at AS "occurredAt"
     FROM partners.take_webhook($1, $2, make_interval(secs => $3::numeric / 1000))`,
    [webhookAtOnce, webhookInTurn, webhookLeaseMs],
  );
}

/**
 * Sends one receiver what was taken for it: the lanes at once, each about another member.
 *
 * @returns how many deliveries it tried
 */
async function callReceiver(
  db: Database,
  taken: Taken[],
  settings: WebhookSettings & { receivers: Dispatcher },
): Promise<number> {
  const { webhookId, secrets } = taken[0]!;
  const signers = await Promise.all(
    secrets.map(async (sealed) => new Signer(await unseal(sealed, settings.sealKey))),
  );
  const until = performance.now() + settings.limits.webhookRoundMs;
  const mayGoOn = () => !settings.ending.aborted && performance.now() < until;
  const lanes = new Map<string, Taken[]>();
  for (const one of taken) lanes.set(one.lane, [...(lanes.get(one.lane) ?? []), one]);
  const tried = await Promise.all(
    [...lanes.values()].map((lane) =>
      sendInTurn(lane, (one) => send(one, signers, settings), mayGoOn),
    ),
  );
  const attempts = tried.flat();
  await rows(db, 'SELECT partners.keep_webhook_attempts($1, $2)', [
    webhookId,
    JSON.stringify(attempts),
  ]);
  return attempts.length;
}

/** Sends one after the other, up to the first that is not taken: those behind it wait for it. */
async function sendInTurn(
  lane: Taken[],
  sendOne: (one: Taken) => Promise<Attempt>,
  mayGoOn: () => boolean,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const one of lane) {
    const attempt = await sendOne(one);
    attempts.push(attempt);
    const isTaken = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
    if (!isTaken || !mayGoOn()) break;
  }
  return attempts;
}

/** Sends one delivery. Whatever goes wrong with the receiver is no answer. */
async function send(
  { id, url, event, payload, occurredAt }: Taken,
  signers: Signer[],
  { limits, receivers }: WebhookSettings & { receivers: Dispatcher },
): Promise<Attempt> {
  const type = event.toLowerCase().replace('_', '.');
  const body = JSON.stringify({ type, version: 1, timestamp: occurredAt, data: payload });
  const now = new Date();
  try {
    const answer = await request(url, {
      dispatcher: receivers,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'coalition-webhooks/1',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': signers.map((signer) => signer.sign(id, now, body)).join(' '),
      },
      body,
      signal: AbortSignal.timeout(limits.webhookMs),
    });
    const { statusCode: status, headers } = answer;
    // What it says is not read: only its status counts.
    await answer.body.dump({ limit: limits.webhookAnswerBytes }).catch(() => undefined);
    return { id, status, retry_after: secondsOf(headers['retry-after']) };
  } catch {
    return { id, status: null, retry_after: null };
  }
}

function secondsOf(retryAfter: string | string[] | undefined): number | null {
  if (typeof retryAfter !== 'string' || !/^\d{1,9}$/.test(retryAfter)) return null;
  return Math.min(Number(retryAfter), retryAfterMax);
}
