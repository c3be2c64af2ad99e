import { randomUUID } from 'node:crypto';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Webhook } from '../../../subgraphs/partners/entities.ts';
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
});
