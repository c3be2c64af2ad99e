import { randomUUID } from 'node:crypto';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { unseal } from '../../../platform/seal.ts';
import { rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Webhook, WebhookDelivery } from '../../../subgraphs/partners/entities.ts';
import { redeliverWebhook, testWebhook } from '../../../subgraphs/partners/webhooks/deliveries.ts';
import { rotateWebhookSecret } from '../../../subgraphs/partners/webhooks/secrets.ts';
import {
  type RegisterWebhook,
  registerWebhook,
  removeWebhook,
  updateWebhook,
} from '../../../subgraphs/partners/webhooks/webhooks.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenInvited } from '../../support/given-partners.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

const now = new Date('2026-03-01T12:00:00Z');
const minutesLater = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const config = testConfig();

describe('webhooks', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const manager = (partnerId: string) => partnerViewer(partnerId, ['WEBHOOKS_MANAGE']);
  type Asked = Pick<RegisterWebhook, 'partnerId'> & Partial<RegisterWebhook>;
  const usual = { url: 'https://93.184.215.14/hook', idempotencyKey: 'a' };

  function register(viewer: Viewer, asked: Asked, at = now) {
    const input: RegisterWebhook = { ...usual, events: ['ACTIVITY_POSTED'], ...asked };
    return registerWebhook(db(), input, { viewer, clock: new SetClock(at), config });
  }

  describe('registerWebhook', () => {
    it('makes one whose secret is sealed, and shown to the same key for an hour', async () => {
      const partnerId = await givenInvited(test);

      const { webhook, secret } = await register(adminViewer(), { partnerId });
      const within = await register(adminViewer(), { partnerId }, minutesLater(59));
      const after = await register(adminViewer(), { partnerId }, minutesLater(60));

      expect(secret).toMatch(/^whsec_/);
      expect(Buffer.from(secret!.slice(6), 'base64')).toHaveLength(32);
      expect(within).toMatchObject({ webhook: { id: webhook.id }, secret });
      expect(after).toMatchObject({ webhook: { id: webhook.id }, secret: null });
      const row = await db().findOneByOrFail(Webhook, { id: webhook.id });
      expect(JSON.stringify(row)).not.toContain(secret!.slice(6));
    });

    it('refuses what leads to no public address, and another input for the same key', async () => {
      const partnerId = await givenInvited(test);
      for (const url of ['http://93.184.215.14/', 'https://10.0.0.1/', 'https://[::1]/']) {
        await expect(register(adminViewer(), { partnerId, url })).rejects.toEqual(
          refusal('INVALID', ['url']),
        );
      }
      expect(await db().countBy(Webhook, { partnerId })).toBe(0);
      const { webhook } = await register(adminViewer(), { partnerId });

      await expect(register(adminViewer(), { partnerId, events: ['TEST'] })).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: webhook.id }),
      );
      expect(await db().countBy(Webhook, { partnerId })).toBe(1);
    });

    it('is for the partner itself, and a test client registers those of the sandbox', async () => {
      const partnerId = await givenInvited(test);
      const testClient = { ...manager(partnerId), sandbox: true };

      await expect(register(manager(randomUUID()), { partnerId })).rejects.toEqual(
        refusal('NOT_FOUND', ['partnerId']),
      );
      await expect(register(testClient, { partnerId })).rejects.toEqual(
        refusal('NOT_ALLOWED', ['sandbox']),
      );
      const { webhook } = await register(testClient, { partnerId, sandbox: true });
      expect(webhook.sandbox).toBe(true);
    });

    it('makes ten of a partner at most, and one of one key, however many are at it', async () => {
      const partnerId = await givenInvited(test);

      const same = await race(db(), 4, () =>
        askAgain(() => register(adminViewer(), { partnerId })),
      );
      const others = await race(db(), 12, (index) =>
        askAgain(() => register(adminViewer(), { partnerId, idempotencyKey: `b${index}` })),
      );

      expect(new Set(same.answers.map(({ webhook }) => webhook.id)).size).toBe(1);
      expect(others.answers).toHaveLength(9);
      expect(others.reasons).toEqual(
        Array(3).fill(refusal('LIMIT_REACHED', ['partnerId'], { limit: '10' })),
      );
      expect(await db().countBy(Webhook, { partnerId })).toBe(10);
    });
  });

  it('are changed and removed by their partner alone', async () => {
    const partnerId = await givenInvited(test);
    const { webhook } = await register(adminViewer(), { partnerId });
    const facts = { clock: databaseClock, config };
    const stranger = { ...facts, viewer: manager(randomUUID()) };
    const own = { ...facts, viewer: manager(partnerId) };
    const notFound = refusal('NOT_FOUND', ['id']);

    await expect(updateWebhook(db(), webhook.id, {}, stranger)).rejects.toEqual(notFound);
    await expect(rotateWebhookSecret(db(), webhook.id, stranger)).rejects.toEqual(notFound);
    await expect(removeWebhook(db(), webhook.id, stranger)).rejects.toEqual(notFound);
    await expect(
      updateWebhook(db(), webhook.id, { url: 'https://192.168.0.1/' }, own),
    ).rejects.toEqual(refusal('INVALID', ['url']));
    expect(await db().findOneByOrFail(Webhook, { id: webhook.id })).toMatchObject({
      url: usual.url,
      rotatedAt: null,
    });

    const changed = await updateWebhook(
      db(),
      webhook.id,
      { events: ['TEST'], enabled: false },
      own,
    );
    expect(changed.webhook).toMatchObject({ events: ['TEST'], enabled: false, url: usual.url });
    expect(await removeWebhook(db(), webhook.id, own)).toMatchObject({ id: partnerId });
    expect(await db().countBy(Webhook, { partnerId })).toBe(0);
    await expect(removeWebhook(db(), webhook.id, own)).rejects.toEqual(notFound);
  });

  describe('of many calls at once', () => {
    const staff = { viewer: adminViewer(), clock: databaseClock, config };
    let webhookId: string;
    beforeEach(async () => {
      const partnerId = await givenInvited(test);
      webhookId = (await register(adminViewer(), { partnerId })).webhook.id;
    });
    const kept = () => db().findOneByOrFail(Webhook, { id: webhookId });

    it('change it one after the other, each what the one before it has left', async () => {
      await race(db(), 6, (n) =>
        askAgain(() => updateWebhook(db(), webhookId, { url: `${usual.url}/${n}` }, staff)),
      );
      const { url } = await kept();
      await updateWebhook(db(), webhookId, { url }, staff);

      const changes = await rows<{ before: string; after: string }>(
        test.owner(),
        `SELECT c ->> 'before' AS before, c ->> 'after' AS after
         FROM platform.audit_event e, jsonb_array_elements(e.changes) c
         WHERE e.subject_id = $1 AND e.action = 'updateWebhook' AND c ->> 'field' = 'url'`,
        [webhookId],
      );
      expect(new Set(changes.map(({ before }) => before)).size).toBe(6);
      expect(changes.map(({ after }) => after)).toContain(url);
    });

    it('keep the last two secrets of those that were given', async () => {
      const { answers } = await race(db(), 4, () =>
        askAgain(() => rotateWebhookSecret(db(), webhookId, staff)),
      );

      const given = answers.map(({ secret }) => secret);
      expect(new Set(given).size).toBe(4);
      const { sealedSecret, previousSecret } = await kept();
      const working = [sealedSecret, previousSecret!].map((each) => unseal(each, config.sealKey));
      expect(given).toEqual(expect.arrayContaining(await Promise.all(working)));
    });

    it('remove it once', async () => {
      const { answers, reasons } = await race(db(), 4, () =>
        askAgain(() => removeWebhook(db(), webhookId, staff)),
      );

      expect(answers).toHaveLength(1);
      expect(reasons).toEqual(Array(3).fill(refusal('NOT_FOUND', ['id'])));
    });

    it('let ten tests wait, and a redelivery be one', async () => {
      const { answers, reasons } = await race(db(), 12, () =>
        askAgain(() => testWebhook(db(), webhookId, staff)),
      );
      expect([answers.length, reasons]).toEqual([
        10,
        Array(2).fill(refusal('LIMIT_REACHED', ['id'], { limit: '10' })),
      ]);
      const [first] = await db().findBy(WebhookDelivery, { webhookId });

      await race(db(), 4, () => askAgain(() => redeliverWebhook(db(), first!.id, staff)));

      expect(await db().countBy(WebhookDelivery, { webhookId, status: 'WAITING' })).toBe(10);
      await expect(redeliverWebhook(db(), 'x', staff)).rejects.toEqual(
        refusal('INVALID', ['deliveryId']),
      );
      await expect(testWebhook(db(), 'x', staff)).rejects.toEqual(refusal('INVALID', ['id']));
    });
  });
});
