import { Readable } from 'node:stream';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import { openActivityFile } from '../../../subgraphs/partners/imports/files.ts';

describe('a row of CSV', () => {
  const money = (amount: string) => ({ amount, currency: 'EUR' });
  it.each<[string, Record<string, string>, object]>([
    [
      'PURCHASE',
      { amount: '9.50', currency: 'EUR', tax: '1', shipping: '', discount: '2', points_paid: '3' },
      { amount: money('9.50'), tax: money('1'), discount: money('2'), pointsPaid: money('3') },
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
    ],
    [
      'CARD_SPEND',
      { product: 'GOLD', mcc: '0742', merchant: 'Vet', amount: '80', currency: 'EUR' },
      { amount: money('80'), card: { product: 'GOLD', mcc: '0742', merchant: 'Vet' } },
    ],
    [
      'RIDE',
      { service: 'BIKE', distance_km: '3.4' },
      { ride: { service: 'BIKE', distanceKm: '3.4' } },
    ],
    ['ENGAGEMENT', { engagement: 'NEWSLETTER' }, { engagement: 'NEWSLETTER' }],
    ['GRANT', { points: '500', reason: 'Sorry' }, { grant: { points: 500n, reason: 'Sorry' } }],
    ['OTHER', { amount: '1', currency: 'EUR' }, { amount: money('1') }],
  ])('of %s says what recordActivity takes', async (name, cells, input) => {
    const kind = name as RecordActivity['kind'];
    const all = { reference: 'a', customer: 'c', occurred_at: '2026-03-01T12:00:00Z', ...cells };
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
      occurredAt: new Date('2026-03-01T12:00:00Z'),
    };
    expect(read).toEqual([{ activity: { ...common, ...input } }]);
  });

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
