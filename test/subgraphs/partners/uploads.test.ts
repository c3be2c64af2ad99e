import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { databaseClock as clock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { ActivityUpload, WebhookDelivery } from '../../../subgraphs/partners/entities.ts';
import { clearRejections, clearUpload } from '../../../subgraphs/partners/imports/clearing.ts';
import { cancelImport, startImport } from '../../../subgraphs/partners/imports/starting.ts';
import {
  dropUpload,
  keepUploadPiece,
  readUpload,
} from '../../../subgraphs/partners/imports/uploads.ts';
import { workOnNext } from '../../../subgraphs/partners/imports/working.ts';
import { registerWebhook } from '../../../subgraphs/partners/webhooks/webhooks.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenImport, givenUpload } from '../../support/given-imports.ts';
import { givenInvited } from '../../support/given-partners.ts';
import { facts, fileOf, header, plainRows, useImports } from '../../support/imports.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

const test = useTestDatabase();
const { db, worker, workOff, givenShop, found, rejected, held } = useImports(test);

describe('an upload', () => {
  const piece = (id: string, place: number, isLast = false) => ({
    id,
    fileName: 'a.csv',
    place,
    content: Buffer.from(`piece ${place}`).toString('base64'),
    isLast,
  });

  it('is whole with its last piece, and is read from any byte on', async () => {
    const shop = await givenShop();
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 256));

    const upload = await givenUpload(test, shop, bytes, { pieceBytes: 300 });

    const row = await db().findOneByOrFail(ActivityUpload, { id: upload });
    expect(row).toMatchObject({ pieces: 4, bytes: 1_000n, endedAt: expect.any(Date) as Date });
    for (const from of [0, 299, 300, 999, 1_000]) {
      const read = await buffer(readUpload(db(), upload, from));
      expect(read.equals(bytes.subarray(from))).toBe(true);
    }
  });

  it('takes each piece once and in its place, from its own sender, and refuses all others', async () => {
    const shop = await givenShop();
    const other = await givenShop();
    const upload = await givenUpload(test, shop, 'x', { isWhole: false });
    const before = await held(shop);

    for (const [viewer, place] of [
      [shop, 2],
      [other, 1],
      [{ ...shop, sandbox: true }, 1],
    ] as const) {
      await expect(
        keepUploadPiece(db(), piece(upload, place, true), facts(viewer)),
      ).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      expect(await dropUpload(db(), upload, facts(viewer === shop ? other : viewer))).toBeNull();
    }
    await expect(keepUploadPiece(db(), piece(upload, 0), facts(shop))).rejects.toEqual(
      refusal('CONFLICT', ['id']),
    );

    expect(await held(shop)).toEqual(before);
    expect(await held(other)).toMatchObject({ uploads: 0 });
    expect(await keepUploadPiece(db(), piece(upload, 1, true), facts(shop))).toBe(upload);
    await expect(keepUploadPiece(db(), piece(upload, 2), facts(shop))).rejects.toEqual(
      refusal('NOT_FOUND', ['id']),
    );
  });

  it('begins once where two begin it at once, and not where too many wait', async () => {
    const shop = await givenShop();
    const id = randomUUID();

    const { answers, reasons } = await race(db(), 2, () =>
      keepUploadPiece(db(), piece(id, 0), facts(shop)),
    );

    expect([answers, reasons]).toEqual([[null], [refusal('CONFLICT', ['id'])]]);
    await expect(
      keepUploadPiece(db(), piece(randomUUID(), 0), facts(shop, { partnerUploads: 1 })),
    ).rejects.toEqual(refusal('LIMIT_REACHED', [], { limit: '1' }));
    expect(await held(shop)).toMatchObject({ uploads: 1, pieces: 1 });
  });

  it('is of a partner that staff name, and nothing of one that is another’s or is gone', async () => {
    const shop = await givenShop();
    const { partnerId } = shop;
    const other = await givenShop();
    const begin = (viewer: Viewer, named?: string | null) =>
      keepUploadPiece(db(), { ...piece(randomUUID(), 0, true), partnerId: named }, facts(viewer));

    await expect(begin(adminViewer())).rejects.toEqual(refusal('INVALID', ['partnerId']));
    await expect(begin(adminViewer(), randomUUID())).rejects.toEqual(
      refusal('NOT_FOUND', ['partnerId']),
    );
    await expect(begin(other, partnerId)).rejects.toEqual(refusal('NOT_FOUND', ['partnerId']));
    await begin(adminViewer(), partnerId);

    expect(await held(shop)).toMatchObject({ uploads: 1, pieces: 1 });
    expect(await held(other)).toMatchObject({ uploads: 0 });
  });

  it('leaves nothing behind where it is cut short; one that is whole stays', async () => {
    const shop = await givenShop();
    const cut = await givenUpload(test, shop, 'abc', { pieceBytes: 1, isWhole: false });
    const whole = await givenUpload(test, shop, 'abc');

    for (const id of [cut, whole]) await dropUpload(db(), id, facts(shop));

    expect(await held(shop)).toMatchObject({ uploads: 1, pieces: 1 });
  });

  it('is cleared when it is imported, was never for a week, or came no further for an hour', async () => {
    const shop = await givenShop();
    const age = (id: string, interval: string) =>
      rows(
        test.owner(),
        'UPDATE partners.activity_upload SET touched_at = now() - $2::interval WHERE id = $1',
        [id, interval],
      );
    const imported = await givenImport(test, shop, fileOf(plainRows(1)), { enrol: true });
    const tried = await givenImport(test, shop, fileOf(plainRows(1)), { dryRun: true });
    await workOff();
    const open = await givenImport(test, shop, fileOf(plainRows(1)));
    const whole = await givenUpload(test, shop, 'x');
    const cut = await givenUpload(test, shop, 'x', { isWhole: false });
    await age(whole, '6 days 23 hours');
    await age(cut, '59 minutes');
    await age(open.uploadId, '30 days');
    const left = async () =>
      (await db().findBy(ActivityUpload, { partnerId: shop.partnerId! })).map(({ id }) => id);

    const clearAll = async () => {
      let cleared = 0;
      while ((await clearUpload(db())) > 0) cleared++;
      return cleared;
    };

    expect(await clearAll()).toBe(1);
    expect(await left()).not.toContain(imported.uploadId);
    await age(whole, '7 days 1 hour');
    await age(cut, '61 minutes');
    expect(await clearAll()).toBe(2);
    expect((await left()).sort()).toEqual([open.uploadId, tried.uploadId].sort());
    await workOff();
  });
});

describe('startImport', () => {
  it('leaves an upload to the worker once, however often it is asked, also at once', async () => {
    const shop = await givenShop();
    const upload = await givenUpload(test, shop, fileOf(plainRows(2)));
    const input = { partnerId: shop.partnerId!, kind: 'PURCHASE' as const, upload };

    const { answers } = await race(db(), 4, () => startImport(db(), input, facts(shop)));

    expect(answers).toHaveLength(4);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 'QUEUED', total: null, rows: 0, dryRun: false });
    await workOff();
    expect(await startImport(db(), input, facts(shop))).toMatchObject({ status: 'DONE', rows: 2 });
    await expect(startImport(db(), { ...input, enrol: true }, facts(shop))).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['upload'], { subject: answers[0]!.id }),
    );
    expect(await held(shop)).toMatchObject({ imports: 1, activities: 0 });
  });

  it('refuses a file that cannot be imported, which stays', async () => {
    const shop = await givenShop();
    const start = async (content: string | Buffer, more: object = {}) => {
      const upload = await givenUpload(test, shop, content);
      const input = { partnerId: shop.partnerId!, kind: 'PURCHASE' as const, upload, ...more };
      return startImport(db(), input, facts(shop));
    };
    const files: [string | Buffer, string[], object?][] = [
      ['reference,customer,occurred_at,amount', ['upload']],
      [`${header},amount`, ['upload']],
      [Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0x22]), ['upload']],
      ['reference,email,occurred_at,amount,currency\n', ['enrol'], { enrol: true }],
    ];

    for (const [content, path, more] of files) {
      await expect(start(content, more)).rejects.toEqual(refusal('INVALID', path));
    }

    expect(await held(shop)).toMatchObject({ imports: 0, uploads: files.length });
  });

  it('finds no upload that is another’s, of the other half, or not whole', async () => {
    const shop = await givenShop();
    const other = await givenShop();
    const whole = await givenUpload(test, shop, fileOf([]));
    const cut = await givenUpload(test, shop, fileOf([]), { isWhole: false });
    const start = (viewer: Viewer, upload: string, partnerId = viewer.partnerId!) =>
      startImport(db(), { partnerId, kind: 'PURCHASE', upload }, facts(viewer));

    await expect(start(shop, cut)).rejects.toEqual(refusal('NOT_FOUND', ['upload']));
    await expect(start(other, whole)).rejects.toEqual(refusal('NOT_FOUND', ['upload']));
    await expect(start({ ...shop, sandbox: true }, whole)).rejects.toEqual(
      refusal('NOT_FOUND', ['upload']),
    );
    await expect(start(other, whole, shop.partnerId!)).rejects.toEqual(
      refusal('NOT_FOUND', ['partnerId']),
    );
    expect(await held(shop)).toMatchObject({ imports: 0 });
    expect(await held(other)).toMatchObject({ imports: 0 });
  });

  it('is for partners that are live, and for so many at a time', async () => {
    const draft = partnerViewer(await givenInvited(test));
    const upload = await givenUpload(test, draft, fileOf([]));
    const input = { partnerId: draft.partnerId!, kind: 'PURCHASE' as const, upload };
    await expect(startImport(db(), input, facts(draft))).rejects.toEqual(
      refusal('PARTNER_INACTIVE', ['partnerId']),
    );
    const shop = await givenShop();
    await givenImport(test, shop, fileOf([]));
    const next = await givenUpload(test, shop, fileOf([]));

    await expect(
      startImport(
        db(),
        { partnerId: shop.partnerId!, kind: 'PURCHASE', upload: next },
        facts(shop, { partnerImports: 1 }),
      ),
    ).rejects.toEqual(refusal('LIMIT_REACHED', ['partnerId'], { limit: '1' }));
    expect([await held(draft), await held(shop)]).toMatchObject([{ imports: 0 }, { imports: 1 }]);
    await workOff();
  });
});

describe('cancelImport', () => {
  it('stops between two batches: what is posted stays posted; again, the same answer', async () => {
    const shop = await givenShop();
    const started = await givenImport(test, shop, fileOf(plainRows(600)), { enrol: true });
    await workOnNext(worker().manager, { clock, mayGoOn: () => true });
    await workOnNext(worker().manager, { clock, mayGoOn: () => false });
    const before = await found(started);

    const { answers } = await race(db(), 2, () => cancelImport(db(), started.id, facts(shop)));

    expect(answers.map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED']);
    expect(answers[0]).toEqual(answers[1]);
    await workOff();
    expect(await found(started)).toMatchObject({ status: 'CANCELLED', posted: before.posted });
    expect(before.posted).toBe(500);
    expect(await held(shop)).toMatchObject({ activities: 500 });
  });

  it('undoes the batch in hand of a worker', async () => {
    const shop = await givenShop();
    const started = await givenImport(test, shop, fileOf(plainRows(10)), { enrol: true });
    await workOnNext(worker().manager, { clock, mayGoOn: () => true });
    const slow = {
      now: async (tx: Parameters<typeof clock.now>[0]) => {
        await cancelImport(db(), started.id, facts(shop)).catch(() => undefined);
        return clock.now(tx);
      },
    };

    expect(await workOnNext(worker().manager, { clock: slow, mayGoOn: () => true })).toBe(0);

    expect(await found(started)).toMatchObject({ status: 'CANCELLED', rows: 0 });
    expect(await held(shop)).toMatchObject({ activities: 0, accounts: 0 });
  });

  it('refuses what has ended, and what is another’s', async () => {
    const shop = await givenShop();
    const other = await givenShop();
    const started = await givenImport(test, shop, fileOf(plainRows(1)));
    for (const viewer of [other, { ...shop, sandbox: true }]) {
      await expect(cancelImport(db(), started.id, facts(viewer))).rejects.toEqual(
        refusal('NOT_FOUND', ['id']),
      );
    }
    await workOff();

    await expect(cancelImport(db(), started.id, facts(shop))).rejects.toEqual(
      refusal('CONFLICT', ['id'], { subject: 'DONE' }),
    );
    expect(await found(started)).toMatchObject({ status: 'DONE', rejected: 1 });
  });
});

describe('what an import leaves', () => {
  it('is told by webhooks of its half, once', async () => {
    const shop = await givenShop();
    const hookOf = async (sandbox: boolean) => {
      const { webhook } = await registerWebhook(
        db(),
        {
          partnerId: shop.partnerId!,
          url: 'https://93.184.215.14/hook',
          events: ['IMPORT_FINISHED'],
          sandbox,
          idempotencyKey: String(sandbox),
        },
        { viewer: { ...shop, sandbox }, clock, config: testConfig() },
      );
      return webhook.id;
    };
    const [live, trial] = [await hookOf(false), await hookOf(true)];
    const ended = await givenImport(test, shop, fileOf(plainRows(1)));
    const cut = await givenImport(test, { ...shop, sandbox: true }, fileOf(plainRows(1)));
    await cancelImport(db(), cut.id, facts({ ...shop, sandbox: true }));
    await workOff();

    while ((await queued()) > 0);

    const told = await db().find(WebhookDelivery, { order: { sequence: 'ASC' } });
    expect(told.map(({ webhookId, payload }) => [webhookId, payload])).toEqual([
      [trial, { importId: cut.id, status: 'CANCELLED' }],
      [live, { importId: ended.id, status: 'DONE' }],
    ]);
  });

  async function queued(): Promise<number> {
    const [row] = await rows<{ count: number }>(
      test.db('worker'),
      'SELECT partners.queue_webhooks(500) AS count',
    );
    return row!.count;
  }

  it('is cleared of rejected rows after 90 days', async () => {
    const shop = await givenShop();
    const [old, young] = [
      await givenImport(test, shop, fileOf(plainRows(2))),
      await givenImport(test, shop, fileOf(plainRows(2))),
    ];
    await workOff();
    const age = (id: string, interval: string) =>
      rows(
        test.owner(),
        'UPDATE partners.activity_import SET finished_at = now() - $2::interval WHERE id = $1',
        [id, interval],
      );
    await age(old.id, '90 days 1 hour');
    await age(young.id, '89 days');

    expect(await clearRejections(db(), 1)).toBe(1);
    expect(await clearRejections(db(), 100)).toBe(1);
    expect([await rejected(old), await rejected(young)]).toMatchObject([[], [{}, {}]]);
  });
});
