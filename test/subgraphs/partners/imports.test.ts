import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { auditLedger } from '../../../ledger/index.ts';
import { databaseClock as clock } from '../../../platform/clock.ts';
import { roleOf } from '../../../platform/config.ts';
import { rows } from '../../../platform/database.ts';
import { limits } from '../../../platform/limits.ts';
import { root } from '../../../platform/root.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import { ActivityImport } from '../../../subgraphs/partners/entities.ts';
import { openActivityFile } from '../../../subgraphs/partners/imports/files.ts';
import { rejectionsOf } from '../../../subgraphs/partners/imports/lists.ts';
import { startImport } from '../../../subgraphs/partners/imports/starting.ts';
import { keepUploadPiece } from '../../../subgraphs/partners/imports/uploads.ts';
import { workOnNext } from '../../../subgraphs/partners/imports/working.ts';
import type { ImportOrder } from '../../../worker/import-process.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenImport } from '../../support/given-imports.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { facts, fileOf, plainRows, today, useImports } from '../../support/imports.ts';
import { runJob } from '../../support/jobs.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';
import { until } from '../../support/until.ts';

const test = useTestDatabase();
const { db, worker, openWorker, workOff, givenShop, found, rejected, held, pointsOf } =
  useImports(test);
const zero = { amount: '0', currency: 'EUR' };
/** Half of the rows of a file whose process is killed; the nightly run's are more, and it is killed more often. */
const rounds = Number(process.env['TEST_ROUNDS'] ?? 75) * 8;

describe('the worker', () => {
  it('posts each row once or reports it, by line, code and column', async () => {
    const shop = await givenShop();
    const others = [
      'zero,c-1,2020-01-02,0,EUR', // 12: too long ago
      `r-7,c-7,${today},1.50,EUR`, // 13: the same once more
      `r-7,c-7,${today},8.99,EUR`, // 14: another under its number
      '', // 15
      'short,c-1', // 16
      `"two\r\nlines",c-1,${today},2.00,EUR`, // 17 and 18
      'date,c-1,01.05.2021,1,EUR', // 19
      `money,never-made,${today},1.00,USD`, // 20
      `nobody,,${today},1.00,EUR`, // 21
      `part,c-1,${today},"1,00",EUR`, // 22
    ];
    const text = `\ufeff${fileOf([...plainRows(10), ...others])}\n`;

    const started = await givenImport(test, shop, text, { enrol: true, pieceBytes: 99 });
    await workOff();

    expect(await found(started)).toMatchObject({
      status: 'DONE',
      total: 19,
      rows: 19,
      posted: 11,
      duplicates: 1,
      rejected: 7,
    });
    const told = await rejected(started);
    expect(told.map(({ line, code, field }) => [line, code, field])).toEqual([
      [12, 'INVALID', 'occurred_at'],
      [14, 'IDEMPOTENCY_MISMATCH', 'reference'],
      [16, 'INVALID', null],
      [19, 'INVALID', 'occurred_at'],
      [20, 'INVALID', 'currency'],
      [21, 'INVALID', 'customer'],
      [22, 'INVALID', 'amount'],
    ]);
    expect(told.at(-1)!.message).toMatch(/^amount: must be a decimal number/);
    const [after] = (await rejectionsOf(db(), [started.id], { first: 1, after: ['16'] })).slice(
      0,
      1,
    );
    expect(after).toMatchObject({ line: 19 });
    // 10 of 1.50, and one of 2.00.
    expect(await held(shop)).toMatchObject({ activities: 11, moved: 12, accounts: 10 });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('keeps how far it is with each batch, and goes on there', async () => {
    const shop = await givenShop();
    const broken = Array.from({ length: 981 }, () => 'broken');
    const started = await givenImport(test, shop, fileOf([...plainRows(20), ...broken]), {
      enrol: true,
    });
    const step = () => workOnNext(worker().manager, { clock, mayGoOn: () => false });
    const seen: unknown[] = [];

    for (let step_ = await step(); step_ !== null; step_ = await step()) {
      const { total, rows: done, status } = await found(started);
      seen.push([total, done, status]);
    }

    expect(seen).toEqual([
      [null, 0, 'RUNNING'],
      [1_001, 0, 'RUNNING'],
      [1_001, 500, 'RUNNING'],
      [1_001, 1_000, 'RUNNING'],
      [1_001, 1_001, 'RUNNING'],
      [1_001, 1_001, 'DONE'],
    ]);
    expect(await found(started)).toMatchObject({ posted: 20, rejected: 981 });
    expect(await held(shop)).toMatchObject({ activities: 20 });
  });

  it('looks for imports as long as its run lasts, and leaves off when it is to end', async () => {
    const shop = await givenShop();
    const ending = new AbortController();
    const run = runJob(test, 'import-activities', {
      ending: ending.signal,
      limits: { ...limits, importPauseMs: 20 },
    });
    const started = await givenImport(test, shop, fileOf(plainRows(3)), { enrol: true });

    await until(async () => (await found(started)).status === 'DONE');
    ending.abort();

    // Counted, and recorded.
    expect(await run).toBe(6);
    expect(await held(shop)).toMatchObject({ activities: 3 });
  });

  it('counts each row once where it is killed: in a batch, in the next one, and at the end', async () => {
    const shop = await givenShop();
    const started = await givenImport(test, shop, fileOf(plainRows(600)), { enrol: true });
    await workOnNext(worker().manager, { clock, mayGoOn: () => true });
    /** Ends a worker's connections when it asks for the time: once in each batch, and once at the end. */
    const killAt = async (turn: number) => {
      const source = await openWorker('to be killed');
      let turns = 0;
      const deadly = {
        now: async (tx: Parameters<typeof clock.now>[0]) => {
          if (++turns === turn) {
            await rows(
              test.owner(),
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'to be killed' AND datname = current_database()`,
            );
          }
          return clock.now(tx);
        },
      };
      await workOnNext(source.manager, { clock: deadly, mayGoOn: () => true }).catch(() => null);
      await source.destroy();
      return [turns, (await found(started)).rows, (await held(shop))['activities']];
    };

    expect(await killAt(1)).toEqual([1, 0, 0]);
    expect(await killAt(2)).toEqual([2, 500, 500]);
    expect(await killAt(2)).toEqual([2, 600, 600]);
    await workOff();

    expect(await found(started)).toMatchObject({ status: 'DONE', posted: 600, duplicates: 0 });
    expect(await held(shop)).toMatchObject({ activities: 600, moved: 600, accounts: 20 });
  });

  it('counts each row once where its process is killed, with the same result', async () => {
    const [killed, whole] = [await givenShop(), await givenShop()];
    const lines = [...plainRows(rounds), 'broken', ...plainRows(rounds, rounds)];
    const started = await givenImport(test, killed, fileOf(lines), { enrol: true });
    const order = { url: test.url(roleOf('worker')), limits, ms: 60_000 };
    /** Ends the process that imports when it has come further. */
    const killIt = async () => {
      const { rows: before } = await found(started);
      const child = fork(join(root, 'dist/worker/importing.js'), {
        execArgv: [],
        serialization: 'advanced',
      });
      const ended = once(child, 'exit');
      child.send(order satisfies ImportOrder);
      await until(async () => (await found(started)).rows > before);
      child.kill('SIGKILL');
      await ended;
    };

    await killIt();
    const { rows: reached, status } = await found(started);
    expect([reached < lines.length, status]).toEqual([true, 'RUNNING']);
    for (let kills = 1; kills < rounds / 1_500; kills++) await killIt();
    await workOff();

    const other = await givenImport(test, whole, fileOf(lines), { enrol: true });
    await workOff();
    const result = async (id: typeof started) => {
      const { total, rows: done, posted, duplicates, rejected: faulty } = await found(id);
      return [{ total, done, posted, duplicates, faulty }, await rejected(id)];
    };
    const [figures, reasons] = await result(other);
    const rejections = (reasons as object[]).map((each) => ({ ...each, importId: started.id }));
    expect(await result(started)).toEqual([figures, rejections]);
    expect(figures).toMatchObject({ posted: 2 * rounds, duplicates: 0, faulty: 1 });
    expect(await held(killed)).toEqual(await held(whole));
    expect(await pointsOf(killed)).toBe(2 * rounds);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('counts each row once where several work on one import at once', async () => {
    const shop = await givenShop();
    const started = await givenImport(test, shop, fileOf(plainRows(600)), { enrol: true });
    await workOnNext(worker().manager, { clock, mayGoOn: () => true });

    const both = await Promise.allSettled([workOff(), workOff(), workOff()]);
    await workOff();

    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(await found(started)).toMatchObject({ posted: 600, duplicates: 0, rejected: 0 });
    expect(await held(shop)).toMatchObject({ activities: 600, moved: 600 });
  });

  it('tries a file without a trace, and imports the same upload then', async () => {
    const shop = await givenShop();
    const text = fileOf([...plainRows(3), `bad,c-1,${today},x,EUR`]);
    const tried = await givenImport(test, shop, text, { enrol: true, dryRun: true });
    await workOff();

    const counts = { rows: 4, posted: 3, duplicates: 0, rejected: 1, status: 'DONE' };
    expect(await found(tried)).toMatchObject(counts);
    expect(await held(shop)).toMatchObject({ activities: 0, moved: 0, accounts: 0 });
    const input = { partnerId: shop.partnerId!, kind: 'PURCHASE' as const, enrol: true };
    const upload = tried.uploadId;
    const started = await startImport(db(), { ...input, upload }, facts(shop));
    await workOff();

    expect(started.id).not.toBe(tried.id);
    expect(await found(started)).toMatchObject(counts);
    expect(await held(shop)).toMatchObject({ activities: 3, moved: 3, accounts: 3 });
  });

  it('takes negative rows for returns, tries them too, and the same again takes nothing', async () => {
    const shop = await givenShop();
    const row = (reference: string, customer: string, minute: number, amount: string) =>
      `${reference},${customer},${new Date(Date.now() - (60 - minute) * 60_000).toISOString()},${amount},EUR`;
    const text = fileOf([
      row('A1', 'a', 1, '10.00'),
      row('CA1', 'a', 2, '-4.00'),
      row('A2', 'a', 3, '5.00'),
      // 5 of the second purchase, and 3 of the first: 3 are left.
      row('CA2', 'a', 4, '-8.00'),
      row('CA3', 'a', 5, '-3.01'), // 6
      row('CB', 'never', 5, '-1.00'), // 7
    ]);
    const tried = await givenImport(test, shop, text, { enrol: true, dryRun: true });
    await workOff();
    expect(await held(shop)).toMatchObject({ activities: 0, accounts: 0 });
    const { uploadId: upload } = tried;
    const order = { partnerId: shop.partnerId!, kind: 'PURCHASE' as const, upload, enrol: true };
    const started = await startImport(db(), order, facts(shop));
    await workOff();

    for (const one of [tried, started]) {
      expect(await found(one)).toMatchObject({ rows: 6, posted: 2, refunded: 2, rejected: 2 });
      expect((await rejected(one)).map(({ line, code, field }) => [line, code, field])).toEqual([
        [6, 'INVALID', 'amount'],
        [7, 'NOT_FOUND', 'customer'],
      ]);
    }
    expect(await pointsOf(shop)).toBe(3);
    const again = await givenImport(test, shop, text);
    await workOff();
    expect(await found(again)).toMatchObject({
      posted: 0,
      refunded: 0,
      duplicates: 4,
      rejected: 2,
    });
    expect(await pointsOf(shop)).toBe(3);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('undoes a batch whole where others hold a row of it, and does it at its next turn', async () => {
    const shop = await givenShop();
    await givenImport(test, shop, fileOf(plainRows(1)), { enrol: true });
    await workOff();
    const back = `back,c-0,${new Date(Date.now() + 60_000).toISOString()},-1.50,EUR`;
    const text = fileOf([...plainRows(1, 1), back]);
    const started = await givenImport(test, shop, text, { enrol: true });
    await workOnNext(worker().manager, { clock, mayGoOn: () => true });

    // The purchase of c-1 is posted before the return of c-0 has to wait.
    await test.owner().transaction(async (tx) => {
      await rows(
        tx,
        `SELECT FROM ledger.account WHERE member_id IN
           (SELECT member_id FROM partners.activity WHERE partner_id = $1) FOR UPDATE`,
        [shop.partnerId],
      );
      expect(await workOnNext(worker().manager, { clock, mayGoOn: () => true })).toBe(0);
    });

    expect(await found(started)).toMatchObject({ rows: 0, faults: 0, status: 'RUNNING' });
    expect(await held(shop)).toMatchObject({ activities: 1, accounts: 1 });
    await workOff();
    expect(await found(started)).toMatchObject({ posted: 1, refunded: 1, rejected: 0 });
    expect(await pointsOf(shop)).toBe(1);
  });

  it('makes no members of strangers unless it shall, and dates back for staff alone', async () => {
    const shop = await givenShop();
    const old = `old,c-9,2020-01-02,1.00,EUR`;
    const own = await givenImport(test, shop, fileOf([...plainRows(1), old]));
    const staff = { ...adminViewer(), partnerId: null };
    const upload = randomUUID();
    const content = Buffer.from(fileOf([old])).toString('base64');
    const { partnerId } = shop;
    await keepUploadPiece(
      db(),
      { id: upload, partnerId, fileName: 'history.csv', place: 0, content, isLast: true },
      facts(staff),
    );
    const history = await startImport(
      db(),
      { partnerId: partnerId!, kind: 'PURCHASE', upload, enrol: true },
      facts(staff),
    );

    await workOff();

    expect((await rejected(own)).map(({ line, code, field }) => [line, code, field])).toEqual([
      [2, 'NOT_FOUND', 'customer'],
      [3, 'INVALID', 'occurred_at'],
    ]);
    expect(await found(history)).toMatchObject({ posted: 1, rejected: 0 });
  });

  it('fails at what is no CSV further down, and posts what stands before', async () => {
    const shop = await givenShop();
    const text = fileOf([...plainRows(3), `x,"c-1,${today},1.50,EUR`, 'y']);
    const started = await givenImport(test, shop, text, { enrol: true });

    await workOff();

    expect(await found(started)).toMatchObject({
      status: 'FAILED',
      failure: expect.stringContaining('From line 5 on') as string,
      total: 3,
      posted: 3,
    });
    expect(await held(shop)).toMatchObject({ activities: 3 });
  });

  it('gives an import up after five faults of the system, and others go on meanwhile', async () => {
    const shop = await givenShop();
    const broken = await givenImport(test, shop, fileOf(plainRows(1)), { enrol: true });
    const other = await givenImport(test, shop, fileOf(plainRows(1, 1)), { enrol: true });
    await db().update(ActivityImport, { id: broken.id }, { readLine: 2 ** 31 - 1 });
    let faults = 0;

    while (
      (await workOnNext(worker().manager, { clock, mayGoOn: () => true }).catch(() => ++faults)) !==
      null
    );

    expect(faults).toBe(5);
    expect(await found(broken)).toMatchObject({ status: 'FAILED', rows: 0 });
    expect(await found(other)).toMatchObject({ status: 'DONE', posted: 1 });
  });

  it('reads JSON Lines as recordActivity reads its input, and tells the line of each fault', async () => {
    const shop = await givenShop();
    const amount = { amount: '3.50', currency: 'EUR' };
    const row = (reference: string, more: object = {}) =>
      JSON.stringify({
        member: { partnerAccount: 'c-1' },
        reference,
        occurredAt: today,
        amount,
        ...more,
      });
    const items = [{ sku: 'CUP', quantity: 2, amount: { amount: '3', currency: 'EUR' } }];
    const lines = [
      row('a', { items, kind: 'PURCHASE' }), // 1
      '', // 2
      `${row('b')}\r`, // 3
      '{"member":', // 4
      '[]', // 5
      row('c', { kind: 'FLIGHT' }), // 6
      row('d', { refernce: 'x' }), // 7
      row('e', { amount: { amount: 3.5, currency: 'EUR' } }), // 8
      row('f', { items: [{ ...items[0], quantity: 0 }] }), // 9
      row('g', { items: Array.from({ length: 2_001 }, () => 0) }), // 10
      row('h', { occurredAt: undefined }), // 11
      row('a'), // 12: another under its number
    ];
    const many = Array.from({ length: 11 }, (_, i) =>
      row(`m-${i}`, { items: Array.from({ length: 200 }, () => ({ ...items[0], amount: zero })) }),
    );

    const content = Buffer.concat([
      Buffer.from(`\ufeff${[...lines, ...many].join('\n')}\n`),
      Buffer.from(row('ü'), 'latin1'), // 24
    ]);
    const started = await givenImport(test, shop, content, {
      fileName: 'Purchases.NDJSON',
      enrol: true,
      pieceBytes: 5_000,
    });
    await workOff();

    expect(await found(started)).toMatchObject({
      status: 'DONE',
      total: 23,
      rows: 23,
      posted: 13,
      rejected: 10,
    });
    expect((await rejected(started)).map(({ line, code, field }) => [line, code, field])).toEqual([
      [4, 'INVALID', null],
      [5, 'INVALID', null],
      [6, 'INVALID', 'kind'],
      [7, 'INVALID', null],
      [8, 'INVALID', 'amount.amount'],
      [9, 'INVALID', 'items.0.quantity'],
      [10, 'INVALID', expect.stringMatching(/^items/)],
      [11, 'INVALID', null],
      [12, 'IDEMPOTENCY_MISMATCH', 'reference'],
      [24, 'INVALID', null],
    ]);
    expect(await held(shop)).toMatchObject({ activities: 13, accounts: 1 });
  });

  it('fails at a line of JSON that is too long', async () => {
    const shop = await givenShop();
    const content = `{}\n{"a":"${'x'.repeat(100_000)}"}\n`;
    const started = await givenImport(test, shop, content, { fileName: 'a.jsonl' });

    await workOff();

    expect(await found(started)).toMatchObject({
      status: 'FAILED',
      failure: expect.stringContaining('From line 2 on') as string,
      rejected: 1,
    });
  });
});

describe('a row of CSV', () => {
  const money = (amount: string) => ({ amount, currency: 'EUR' });
  type Brand = NonNullable<Parameters<typeof givenPartner>[1]>;
  const chart = [{ cabin: 'ECONOMY' as const, bookingClasses: ['Y'], rate: '1' }];
  const airline: Brand = {
    kind: 'AIRLINE',
    details: { airline: { iataCode: 'SK', earnChart: chart } },
    rules: [{ code: 'MILES', name: 'A point a mile', earn: { distance: '1' } }],
  };
  const vets = { name: 'Vets', mcc: ['0742'], rate: '4' };
  const gold = { code: 'GOLD', name: 'Gold', baseRate: '1', categories: [vets] };
  const issuer: Brand = {
    kind: 'CARD_ISSUER',
    details: { cardIssuer: { cardProducts: [gold] } },
  };
  const rides: Brand = {
    kind: 'MOBILITY',
    details: { mobility: { services: ['BIKE'] } },
    rules: [
      { code: 'KM', name: 'Far', earn: { expression: 'activity.ride.distanceKm * dec("2")' } },
    ],
  };
  const fixed: Brand = { rules: [{ code: 'FIXED', name: 'Fixed', earn: { fixed: 25n } }] };

  it.each<[string, Record<string, string>, object, Brand, number]>([
    [
      'PURCHASE',
      { amount: '9.50', currency: 'EUR', tax: '1', shipping: '', discount: '2', points_paid: '3' },
      { amount: money('9.50'), tax: money('1'), discount: money('2'), pointsPaid: money('3') },
      {},
      6, // of the 6.50 that were not paid in points
    ],
    [
      'FLIGHT',
      {
        flight_number: 'SK401',
        origin: 'CPH',
        destination: 'ARN',
        cabin: 'ECONOMY',
        booking_class: 'Y',
        distance_miles: '339',
        ticket_number: '',
        amount: '120',
        currency: 'EUR',
      },
      {
        amount: money('120'),
        flight: {
          flightNumber: 'SK401',
          origin: 'CPH',
          destination: 'ARN',
          cabin: 'ECONOMY',
          bookingClass: 'Y',
          distanceMiles: 339,
        },
      },
      airline,
      339,
    ],
    [
      'STAY',
      {
        property: 'CPH1',
        check_in: '2026-03-01',
        check_out: '2026-03-04',
        rooms: '2',
        rate_plan: 'FLEX',
        room_revenue: '300.00',
        currency: 'EUR',
      },
      {
        stay: {
          property: 'CPH1',
          checkIn: '2026-03-01',
          checkOut: '2026-03-04',
          rooms: 2,
          ratePlan: 'FLEX',
          roomRevenue: money('300.00'),
        },
      },
      { kind: 'HOTEL', details: { hotel: {} } },
      300,
    ],
    [
      'CARD_SPEND',
      { product: 'GOLD', mcc: '0742', merchant: 'Vet', amount: '80', currency: 'EUR' },
      { amount: money('80'), card: { product: 'GOLD', mcc: '0742', merchant: 'Vet' } },
      issuer,
      320,
    ],
    [
      'RIDE',
      { service: 'BIKE', distance_km: '3.4' },
      { ride: { service: 'BIKE', distanceKm: '3.4' } },
      rides,
      6, // 6.8
    ],
    ['ENGAGEMENT', { engagement: 'NEWSLETTER' }, { engagement: 'NEWSLETTER' }, fixed, 25],
    [
      'GRANT',
      { points: '500', reason: 'Sorry' },
      { grant: { points: 500n, reason: 'Sorry' } },
      {},
      500,
    ],
    ['OTHER', { amount: '1', currency: 'EUR' }, { amount: money('1') }, {}, 1],
  ])(
    'of %s says what recordActivity takes, and is posted',
    async (name, cells, input, brand, points) => {
      const kind = name as RecordActivity['kind'];
      const all = { reference: 'a', customer: 'c', occurred_at: today, ...cells };
      const text = `${Object.keys(all).join(',')}\n${Object.values(all).join(',')}\n`;

      const file = await openActivityFile(Readable.from([Buffer.from(text)]), {
        fileName: 'a.csv',
        kind,
      });
      const readRow = file.format.rowReader(file.columns, { kind, timeZone: 'UTC' });
      const read: unknown[] = [];
      for await (const row of file.rows) read.push(readRow(row));

      const common = {
        member: { partnerAccount: 'c' },
        kind,
        reference: 'a',
        occurredAt: new Date(today),
      };
      expect(read).toEqual([{ activity: { ...common, ...input } }]);
      const partner = partnerViewer(await givenPartner(test, brand), ['ACCRUALS_WRITE']);
      const started = await givenImport(test, partner, text, { kind, enrol: true });
      await workOff();
      expect(await rejected(started)).toEqual([]);
      expect(await found(started)).toMatchObject({ kind, posted: 1 });
      expect(await pointsOf(partner)).toBe(points);
    },
  );

  it.each([
    ['FLIGHT', 'flight_number, origin, destination, cabin, booking_class'],
    ['STAY', 'property, check_in, check_out'],
    ['CARD_SPEND', 'amount, product, mcc'],
    ['RIDE', 'service'],
    ['ENGAGEMENT', 'engagement'],
    ['GRANT', 'points, reason'],
  ])('of %s needs its columns', async (name, missing) => {
    const text = 'reference,customer,occurred_at\n';
    const kind = name as RecordActivity['kind'];

    await expect(
      openActivityFile(Readable.from([Buffer.from(text)]), { fileName: 'a.csv', kind }),
    ).rejects.toMatchObject({ message: `The file has no column ${missing}.` });
  });
});
