import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Webhook as Verifier } from 'standardwebhooks';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { type Limits, limits } from '../../../platform/limits.ts';
import { emit, emitAll } from '../../../platform/outbox.ts';
import { root } from '../../../platform/root.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Webhook, WebhookDelivery } from '../../../subgraphs/partners/entities.ts';
import { redeliverWebhook, testWebhook } from '../../../subgraphs/partners/webhooks/deliveries.ts';
import { webhookEvents } from '../../../subgraphs/partners/webhooks/rows.ts';
import { rotateWebhookSecret } from '../../../subgraphs/partners/webhooks/secrets.ts';
import {
  type RegisterWebhook,
  registerWebhook,
  updateWebhook,
} from '../../../subgraphs/partners/webhooks/webhooks.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenSealed } from '../../support/given-closed.ts';
import { givenConsent, givenMember, givenProvisional } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { runJob } from '../../support/jobs.ts';
import { race } from '../../support/race.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

const config = testConfig({ LOCAL_RECEIVERS: 'on' });

describe('deliver-webhooks', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const manager = (partnerId: string) => partnerViewer(partnerId, ['WEBHOOKS_MANAGE']);
  let receiver: Receiver;
  let answer: (response: ServerResponse, url: string, body: string) => void;
  const ok = (response: ServerResponse) => void response.writeHead(204).end();
  const say =
    (status: number, headers = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(status, headers).end();
  const facts = (viewer: Viewer = adminViewer()) => ({ viewer, clock: databaseClock, config });
  beforeAll(async () => {
    receiver = await startReceiver(({ url, body }, response) => answer(response, url, body));
  });
  afterAll(() => receiver.close());
  beforeEach(async () => {
    answer = ok;
    receiver.received.length = 0;
    await rows(test.owner(), 'DELETE FROM partners.webhook');
  });

  /** One round of the worker. @returns how many deliveries it tried */
  const deliver = (settings: Partial<Limits> = {}) =>
    runJob(test, 'deliver-webhooks', {
      localReceivers: true,
      limits: { ...limits, webhookWatchMs: 0, webhookPauseMs: 20, ...settings },
    });
  async function given(partnerId: string, asked: Partial<RegisterWebhook> = {}) {
    const { webhook, secret } = await registerWebhook(
      db(),
      {
        partnerId,
        url: receiver.url,
        events: ['CONSENT_GRANTED', 'MEMBER_ERASED'],
        idempotencyKey: randomUUID(),
        ...asked,
      },
      facts(),
    );
    return { id: webhook.id, secret: secret! };
  }
  const deliveries = (webhookId: string) =>
    db().find(WebhookDelivery, { where: { webhookId }, order: { sequence: 'ASC' } });
  const sent = () =>
    receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  /** Of a webhook, how many deliveries were kept together, about how many members: a round writes one instant. */
  const rounds = (webhookId: string) =>
    rows<{ size: number; members: number }>(
      test.owner(),
      `SELECT count(*)::integer AS size, count(DISTINCT member_id)::integer AS members
       FROM partners.webhook_delivery WHERE webhook_id = $1
       GROUP BY delivered_at ORDER BY delivered_at`,
      [webhookId],
    );
  /** Lets what waits be due, as if the time had passed. */
  const later = (webhookId: string) =>
    rows(
      test.owner(),
      `WITH d AS (UPDATE partners.webhook_delivery SET due_at = now() WHERE status = 'WAITING')
       UPDATE partners.webhook SET due_at = now() WHERE id = $1`,
      [webhookId],
    );
  function tell(partnerId: string, memberId: string, scopes = 'EARN') {
    return emit(test.db('members'), {
      type: 'consent.granted',
      memberId,
      partnerId,
      payload: { memberId, partnerId, scopes },
      occurredAt: new Date(),
    });
  }

  it('tells a partner of its own events, signed, with ids and codes alone', async () => {
    const [partnerId, other] = [await givenPartner(test), await givenPartner(test)];
    const memberId = await givenMember(test);
    const webhook = await given(partnerId);
    await given(other);

    await givenConsent(test, memberId, partnerId, ['EARN']);
    expect(await deliver()).toBe(1);
    expect(await deliver()).toBe(0);

    const [got, ...more] = receiver.received;
    expect(more).toEqual([]);
    const [delivery] = await deliveries(webhook.id);
    expect(got!.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': delivery!.id,
    });
    const verifier = new Verifier(webhook.secret);
    expect(verifier.verify(got!.body, got!.headers as Record<string, string>)).toEqual({
      type: 'consent.granted',
      version: 1,
      timestamp: delivery!.occurredAt.toISOString(),
      data: { memberId, scopes: 'EARN' },
    });
    expect(delivery).toMatchObject({ status: 'DELIVERED', attempts: 1, responseStatus: 204 });
  });

  it('is verified by the code of docs/webhooks.md', async () => {
    const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
    const [, code] = /```js\n(.*?)```/s.exec(page)!;
    const { verify } = (await import(`data:text/javascript,${encodeURIComponent(code!)}`)) as {
      verify: (secret: string, headers: IncomingHttpHeaders, body: string) => unknown;
    };
    const webhook = await given(await givenPartner(test));
    await testWebhook(db(), webhook.id, facts());
    await rotateWebhookSecret(db(), webhook.id, facts());
    await deliver();

    const { headers, body } = receiver.received[0]!;
    const old = { ...headers, 'webhook-timestamp': String(Date.now() / 1_000 - 301) };
    expect(verify(webhook.secret, headers, body)).toMatchObject({ type: 'test', version: 1 });
    expect(verify(webhook.secret, headers, body.replace('1', '2'))).toBeNull();
    expect(verify(webhook.secret, old, body)).toBeNull();
    expect(verify(`whsec_${'A'.repeat(44)}`, headers, body)).toBeNull();
    expect(verify(webhook.secret, {}, body)).toBeNull();
  });

  it('tells of every event, as the table of docs/webhooks.md has it', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenMember(test);
    await given(partnerId, { events: [...webhookEvents] });
    const known = await rows<{ type: string; event: string }>(
      test.owner(),
      'SELECT type, event FROM partners.webhook_events()',
    );
    const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
    const table = [...page.matchAll(/^\| `([a-z]+\.[a-z]+)` +\| ([^|]*?) *\|$/gm)].map(
      ([, type, data]) => ({
        type: type!,
        data: Object.fromEntries([...data!.matchAll(/\w+/g)].map(([key]) => [key, `of ${key}`])),
      }),
    );
    expect(['TEST', ...known.map(({ event }) => event)].sort()).toEqual([...webhookEvents].sort());

    for (const { type, event } of known) {
      const shown = table.find((row) => row.type === event.toLowerCase().replace('_', '.'))!;
      const payload = { ...shown.data, secretOfOurs: 'x' };
      const whose = { memberId, ...(type !== 'ledger.sealed' && { partnerId }) };
      await emit(test.db('members'), { type, ...whose, payload, occurredAt: new Date() });
    }
    await deliver({ webhookWatchMs: 500 });

    expect(sent().map(({ type, data }) => ({ type, data }))).toEqual(
      known.map(({ event }) =>
        table.find((row) => row.type === event.toLowerCase().replace('_', '.')),
      ),
    );
    expect(table).toHaveLength(known.length);
  });

  it('tells all partners of a seal of the ledger, by its number and its hash, and no test client', async () => {
    const [one, two] = [await givenPartner(test), await givenPartner(test)];
    const events = ['LEDGER_SEALED'] as RegisterWebhook['events'];
    await given(one, { events, url: `${receiver.url}/one` });
    await given(two, { events, url: `${receiver.url}/two` });
    await given(two, { events, url: `${receiver.url}/sandbox`, sandbox: true });

    const sealed = () =>
      rows<{ number: string; hash: string }>(
        test.owner(),
        `SELECT number::text, encode(hash, 'hex') AS hash FROM ledger.seal ORDER BY ledger.seal.number`,
      );
    const before = (await sealed()).length;
    await givenSealed(test);
    // Nothing, or what another file's transaction kept from the first.
    await givenSealed(test);
    await deliver();

    const seals = (await sealed()).slice(before);
    expect(seals.length).toBeGreaterThan(0);
    for (const place of ['/events/one', '/events/two']) {
      const told = receiver.received.filter(({ url }) => url === place);
      expect(told).toHaveLength(seals.length);
    }
    expect(receiver.received).toHaveLength(2 * seals.length);
    const numberOf = ({ number }: { number: string }) => Number(number);
    const data = sent().map((event) => event.data as (typeof seals)[number]);
    expect(data.sort((x, y) => numberOf(x) - numberOf(y))).toEqual(
      seals.flatMap((seal) => [seal, seal]),
    );
  });

  it('tells whoever knew a member of the erasure, and nobody else', async () => {
    const [partnerId, other] = [await givenPartner(test), await givenPartner(test)];
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId, ['EARN']);
    const [webhook, stranger] = [await given(partnerId), await given(other)];

    const erased = { type: 'member.erased', memberId, payload: { memberId } };
    await emit(test.db('members'), { ...erased, occurredAt: new Date() });
    await deliver();

    expect(sent()).toMatchObject([{ type: 'member.erased', data: { memberId } }]);
    expect(await deliveries(webhook.id)).toHaveLength(1);
    expect(await deliveries(stranger.id)).toEqual([]);
  });

  it('keeps the sandbox and what is live apart', async () => {
    const partnerId = await givenPartner(test);
    const inSandbox = await givenProvisional(test, partnerId, 'S-1', true);
    const live = await givenMember(test);
    await given(partnerId, { url: `${receiver.url}/sandbox`, sandbox: true });
    await given(partnerId, { url: `${receiver.url}/live` });

    await tell(partnerId, inSandbox);
    await tell(partnerId, live);
    await deliver();

    const told = receiver.received.map(({ url, body }) => ({ url, ofLive: body.includes(live) }));
    expect(told).toHaveLength(2);
    expect(told).toContainEqual({ url: '/events/live', ofLive: true });
    expect(told).toContainEqual({ url: '/events/sandbox', ofLive: false });
  });

  it('keeps a member’s events in order, and lets those of others go on', async () => {
    const partnerId = await givenPartner(test);
    const [one, two] = [await givenMember(test), await givenMember(test)];
    const webhook = await given(partnerId);
    await tell(partnerId, one, 'EARN');
    await tell(partnerId, one, 'SPEND');
    await tell(partnerId, two, 'EARN');
    answer = (response, _, body) => (body.includes(one) ? say(500)(response) : ok(response));

    await deliver();

    const statuses = async () => (await deliveries(webhook.id)).map(({ status }) => status);
    expect(await statuses()).toEqual(['WAITING', 'WAITING', 'DELIVERED']);
    answer = ok;
    await later(webhook.id);
    await deliver();
    await deliver();
    expect(await statuses()).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED']);
    const ofOne = sent().filter(({ data }) => (data as { memberId: string }).memberId === one);
    expect(ofOne.map(({ data }) => (data as { scopes: string }).scopes)).toEqual([
      'EARN',
      'EARN',
      'SPEND',
    ]);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(3);
  });

  it('sends one member’s events in order, fifty a round, and lets others go beside them', async () => {
    const partnerId = await givenPartner(test);
    const [busy, other] = [await givenMember(test), await givenMember(test)];
    const webhook = await given(partnerId);
    const scopes = Array.from({ length: 200 }, (_, index) => `EARN ${index}`);
    const event = { type: 'consent.granted', partnerId, occurredAt: new Date() };
    await emitAll(
      test.db('members'),
      [...scopes.map((scope) => [busy, scope]), [other, 'SPEND']].map(([memberId, scope]) => ({
        ...event,
        memberId: memberId!,
        payload: { memberId: memberId!, scopes: scope! },
      })),
    );

    while ((await deliver()) > 0);

    // The other member's is among the first round's, though it was the last to happen.
    expect((await rounds(webhook.id)).map(({ size }) => size)).toEqual([51, 50, 50, 50]);
    expect((await rounds(webhook.id))[0]!.members).toBe(2);
    const told = sent().map(({ data }) => data as { memberId: string; scopes: string });
    const ofBusy = told.filter(({ memberId }) => memberId === busy);
    expect(ofBusy.map((data) => data.scopes)).toEqual(scopes);
  });

  it('sends nothing behind what was not taken, has to wait, or is too late for the round', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenMember(test);
    const webhook = await given(partnerId);
    for (const scope of ['1', '2', '3', '4']) await tell(partnerId, memberId, scope);
    const told = () => sent().map(({ data }) => (data as { scopes: string }).scopes);

    answer = (response, _, body) => (body.includes('"2"') ? say(500)(response) : ok(response));
    expect(await deliver()).toBe(2);
    expect(told()).toEqual(['1', '2']);
    expect(await deliver()).toBe(0);

    // What was delivered before is asked for again: it goes first, and what waits behind it still waits.
    answer = ok;
    const [first] = await deliveries(webhook.id);
    await redeliverWebhook(db(), first!.id, facts(manager(partnerId)));
    expect(await deliver()).toBe(1);
    expect(told()).toEqual(['1', '2', '1']);

    await later(webhook.id);
    while ((await deliver({ webhookRoundMs: 0 })) > 0);
    expect(told()).toEqual(['1', '2', '1', '2', '3', '4']);
    expect((await rounds(webhook.id)).map(({ size }) => size)).toEqual([1, 1, 1, 1]);
    expect((await deliveries(webhook.id)).map(({ attempts }) => attempts)).toEqual([1, 2, 1, 1]);
  });

  it('tries again by the schedule, ten times in all, and once more when it is asked to', async () => {
    const partnerId = await givenPartner(test);
    const webhook = await given(partnerId);
    await tell(partnerId, await givenMember(test));
    answer = say(500);
    const pauses: number[] = [];

    for (let attempts = 1; attempts <= 10; attempts++) {
      await deliver();
      const [delivery] = await deliveries(webhook.id);
      expect(delivery!.attempts).toBe(attempts);
      const { dueAt } = delivery!;
      if (dueAt) pauses.push((dueAt.getTime() - Date.now()) / 60_000);
      await later(webhook.id);
    }

    // Of the specification, in minutes; a tenth more or less, and what this machine takes.
    const schedule = [5 / 60, 5, 30, 120, 300, 600, 840, 1_200, 1_440];
    expect(pauses).toHaveLength(9);
    pauses.slice(1).forEach((pause, index) => {
      expect(pause / schedule[index + 1]!).toBeGreaterThan(0.8);
      expect(pause / schedule[index + 1]!).toBeLessThan(1.11);
    });
    const [dead] = await deliveries(webhook.id);
    expect(dead).toMatchObject({ status: 'DEAD', responseStatus: 500 });
    answer = ok;
    await redeliverWebhook(db(), dead!.id, facts(manager(partnerId)));
    await deliver();
    expect(await deliveries(webhook.id)).toMatchObject([{ id: dead!.id, status: 'DELIVERED' }]);
    await expect(redeliverWebhook(db(), dead!.id, facts(manager(randomUUID())))).rejects.toEqual(
      refusal('NOT_FOUND', ['deliveryId']),
    );
  });

  it('switches off a receiver that is gone, or has failed for three days, and starts afresh', async () => {
    const partnerId = await givenPartner(test);
    const [gone, failing] = [await given(partnerId), await given(partnerId)];
    await testWebhook(db(), gone.id, facts());
    answer = say(410);
    await deliver();
    await testWebhook(db(), failing.id, facts());
    answer = say(503);
    await deliver();
    await rows(
      test.owner(),
      `UPDATE partners.webhook SET failing_since = now() - interval '73 hours' WHERE id = $1`,
      [failing.id],
    );
    await later(failing.id);
    await deliver();

    const find = (id: string) => db().findOneByOrFail(Webhook, { id });
    expect((await find(gone.id)).disabledBecause).toContain('410');
    const off = await find(failing.id);
    expect(off.enabled).toBe(false);
    expect(off.disabledBecause).toContain('three days');
    await expect(testWebhook(db(), failing.id, facts())).rejects.toEqual(
      refusal('NOT_ALLOWED', ['id']),
    );

    answer = ok;
    await updateWebhook(db(), failing.id, { enabled: true }, facts());
    await later(failing.id);
    await deliver();
    const statuses = (await deliveries(failing.id)).map(({ status }) => status);
    expect(statuses).toEqual(['DELIVERED']);
    expect(await find(failing.id)).toMatchObject({ enabled: true, disabledBecause: null });
  });

  it('signs with both secrets for a day after one was rotated', async () => {
    const partnerId = await givenPartner(test);
    const webhook = await given(partnerId);
    const { secret } = await rotateWebhookSecret(db(), webhook.id, facts(manager(partnerId)));
    const send = async () => {
      await testWebhook(db(), webhook.id, facts());
      await deliver();
      const { body, headers } = receiver.received.at(-1)!;
      return (by: string) =>
        new Verifier(by).verify(body, headers as Record<string, string>) as { type: string };
    };

    const within = await send();
    expect(within(webhook.secret).type).toBe('test');
    expect(within(secret!).type).toBe('test');

    const dayAgo = `UPDATE partners.webhook SET rotated_at = now() - interval '24 hours' WHERE id = $1`;
    await rows(test.owner(), dayAgo, [webhook.id]);
    const after = await send();
    expect(after(secret!).type).toBe('test');
    expect(() => after(webhook.secret)).toThrow('signature');
    expect((await db().findOneByOrFail(Webhook, { id: webhook.id })).previousSecret).toBeNull();
  });

  it('follows no redirect, waits for no receiver for long, and reads no long answer', async () => {
    const partnerId = await givenPartner(test);
    const cases = [
      ['/redirect', (r: ServerResponse) => say(302, { location: receiver.url })(r), 302],
      ['/hang', () => {}, null],
      ['/drip', (r: ServerResponse) => void r.writeHead(200).write('x'), 200],
      ['/reset', (r: ServerResponse) => void r.destroy(), null],
      ['/long', (r: ServerResponse) => void r.end(Buffer.alloc(5_000_000)), 200],
      ['/fine', ok, 204],
    ] as const;
    answer = (response, url) => cases.find(([path]) => url.endsWith(path))![1](response);
    const hooks = [];
    for (const [path] of cases) {
      const webhook = await given(partnerId, { url: `${receiver.url}${path}` });
      await testWebhook(db(), webhook.id, facts());
      hooks.push(webhook);
    }

    await deliver({ webhookMs: 300 });

    const found = [];
    for (const { id } of hooks) found.push(...(await deliveries(id)));
    expect(found.map(({ responseStatus }) => responseStatus)).toEqual(
      cases.map(([, , status]) => status),
    );
    expect(receiver.received).toHaveLength(cases.length);
  });

  it('calls nobody on this machine unless it may', async () => {
    const webhook = await given(await givenPartner(test));
    await testWebhook(db(), webhook.id, facts());

    await runJob(test, 'deliver-webhooks', {
      limits: { ...limits, webhookWatchMs: 0, webhookPauseMs: 20 },
    });

    expect(receiver.received).toEqual([]);
    expect(await deliveries(webhook.id)).toMatchObject([
      { status: 'WAITING', attempts: 1, responseStatus: null },
    ]);
  });

  it('sends each once where several workers are at it, and again where one ended halfway', async () => {
    const partnerId = await givenPartner(test);
    const webhook = await given(partnerId);
    const members = await Promise.all(Array.from({ length: 4 }, () => givenMember(test)));
    for (const memberId of members) await tell(partnerId, memberId);

    const { reasons } = await race(test.db('worker'), 4, () => deliver());

    expect(reasons).toEqual([]);
    expect(receiver.received).toHaveLength(4);
    await tell(partnerId, members[0]!);
    await rows(test.db('worker'), 'SELECT partners.queue_webhooks(10)');
    const take = `SELECT id FROM partners.take_webhook(10, 50, interval '1 hour')`;
    const [lost] = await rows<{ id: string }>(test.db('worker'), take);
    expect(await deliver()).toBe(0);
    await rows(test.owner(), 'UPDATE partners.webhook SET due_at = now()');
    await deliver();
    expect(receiver.received.at(-1)!.headers['webhook-id']).toBe(lost!.id);
    expect(await deliveries(webhook.id)).toHaveLength(5);
  });

  it('forgets deliveries after 30 days', async () => {
    const webhook = await given(await givenPartner(test));
    await testWebhook(db(), webhook.id, facts());
    await testWebhook(db(), webhook.id, facts());
    const [old] = await deliveries(webhook.id);
    await rows(
      test.owner(),
      `UPDATE partners.webhook_delivery SET created_at = now() - interval '30 days' WHERE id = $1`,
      [old!.id],
    );

    expect(await runJob(test, 'clear-deliveries')).toBe(1);
    expect(await deliveries(webhook.id)).toHaveLength(1);
  });
});
