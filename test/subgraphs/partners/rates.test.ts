import { auditLedger } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import { Activity, ExchangeRate } from '../../../subgraphs/partners/entities.ts';
import {
  type SetExchangeRates,
  ratesInto,
  setExchangeRates,
} from '../../../subgraphs/partners/rates/rates.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('exchange rates', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const now = new Date('2026-06-15T10:00:00Z');
  const clock = new SetClock(now);
  const set = (...rates: SetExchangeRates) =>
    setExchangeRates(db(), rates, { viewer: adminViewer(), clock });
  const rate = (from: string, on: string, worth: string, to = 'EUR') => ({
    from,
    to,
    on,
    rate: worth,
  });
  const acts = () =>
    rows<{ subjectId: string; changes: { field: string }[] }>(
      test.owner(),
      `SELECT subject_id AS "subjectId", changes FROM platform.audit_event
       WHERE action = 'setExchangeRates' ORDER BY sequence`,
    );
  beforeEach(async () => {
    await rows(test.owner(), 'TRUNCATE partners.exchange_rate, partners.activity CASCADE');
    await rows(test.owner(), `DELETE FROM platform.audit_event WHERE action = 'setExchangeRates'`);
  });

  /** A shop in Germany, and a member who lets it report. */
  async function given(more: Parameters<typeof givenPartner>[1] = {}) {
    const partnerId = await givenPartner(test, more);
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    const viewer = partnerViewer(partnerId, ['ACCRUALS_WRITE']);
    return {
      partnerId,
      record: (reference: string, more: Partial<RecordActivity>) =>
        recordActivity(
          db(),
          { member: { id: memberId }, kind: 'PURCHASE', reference, occurredAt: now, ...more },
          { viewer, clock },
        ),
    };
  }

  it('make what was paid one in the contract’s money, exactly, and round once', async () => {
    await set(rate('JPY', '2026-06-15', '0.0061'));
    const { record } = await given();
    const [known] = await db().find(ExchangeRate);

    const activity = await record('one', { amount: { amount: '12345', currency: 'JPY' } });

    // 12,345 x 0.0061 = 75.3045
    expect(activity).toMatchObject({
      points: 75n,
      amount: '12345',
      currency: 'JPY',
      exchangeRateId: known!.id,
      explanation: [{ base: '75.3045', points: 75 }],
    });
  });

  it('make all parts so, and let rules ask what was paid in', async () => {
    await set(rate('GBP', '2026-06-15', '1.25'));
    const rules = [
      { code: 'BASE', name: 'Goods', earn: { spend: '1' } },
      {
        code: 'CUPS',
        name: 'Cups from 20 euros',
        when: 'item.sku == "CUP" && item.amount >= dec("20")',
        earn: { spend: '3' },
      },
      {
        code: 'ABROAD',
        name: 'Abroad',
        when: 'activity.currency == "GBP" && activity.amount == dec("125")',
        earn: { fixed: 7n },
      },
    ];
    const { record } = await given({ rules });
    const pounds = (amount: string) => ({ amount, currency: 'GBP' });

    const activity = await record('one', {
      amount: pounds('100'),
      shipping: pounds('20'),
      pointsPaid: pounds('8'),
      items: [{ sku: 'CUP', quantity: 1, amount: pounds('16') }],
    });

    // 80 pounds of goods of which 8 were points: 72 x 1.25 = 90 euros. The cup is a fifth of them: 18 x 3
    // and 72 x 1, and 7.
    expect(activity.points).toBe(54n + 72n + 7n);
  });

  it('count for the day by the program’s clock, and for the 7 after it', async () => {
    await set(
      rate('USD', '2026-06-07', '0.5'),
      rate('USD', '2026-06-08', '0.8'),
      rate('USD', '2026-06-16', '0.9'),
    );
    const { record } = await given();
    const on = (reference: string, occurredAt: string) =>
      record(reference, {
        occurredAt: new Date(occurredAt),
        amount: { amount: '100', currency: 'USD' },
      });

    // 22:30 UTC is half past midnight in Berlin.
    const points = [
      await on('the day', '2026-06-07T10:00:00Z'),
      await on('the next', '2026-06-07T22:30:00Z'),
      await on('the seventh', '2026-06-15T08:00:00Z'),
    ].map((each) => each.points);

    expect(points).toEqual([50n, 80n, 80n]);
    await expect(on('before', '2026-06-06T10:00:00Z')).rejects.toEqual(
      refusal('INVALID', ['amount', 'currency']),
    );
  });

  it('are needed within a week, in the very direction', async () => {
    await set(rate('USD', '2026-06-07', '0.8'), rate('EUR', '2026-06-15', '170', 'JPY'));
    const { record, partnerId } = await given();
    const paid = (currency: string) => record(currency, { amount: { amount: '100', currency } });

    for (const currency of ['USD', 'JPY', 'XXX']) {
      await expect(paid(currency)).rejects.toEqual(refusal('INVALID', ['amount', 'currency']));
    }

    expect(await db().countBy(Activity, { partnerId })).toBe(0);
  });

  it('stay with what went by them, when another is set for the day', async () => {
    const { record } = await given();
    const paid = { amount: { amount: '100', currency: 'GBP' } };
    await set(rate('GBP', '2026-06-15', '1.2'));
    const first = await record('one', paid);

    const [mended] = await set(rate('GBP', '2026-06-15', '1.3'));
    const later = await record('two', paid);

    expect([first.points, later.points]).toEqual([120n, 130n]);
    expect([first.exchangeRateId, later.exchangeRateId]).not.toContain(null);
    expect(later.exchangeRateId).toBe(mended!.id);
    expect(await record('one', paid)).toEqual(first);
    expect(await db().findOneBy(ExchangeRate, { id: first.exchangeRateId! })).toMatchObject({
      rate: '1.2',
      version: 1,
    });
    expect(await acts()).toMatchObject([
      {},
      {
        subjectId: mended!.id,
        changes: expect.arrayContaining([
          { field: 'rate', before: '1.2', after: '1.3' },
        ]) as unknown,
      },
    ]);
  });

  it('are set once, however often and by however many the same is said', async () => {
    const [first] = await set(rate('GBP', '2026-06-15', '1.20'));

    const { answers } = await race(db(), 6, () => set(rate('GBP', '2026-06-15', '1.2')));
    const { reasons } = await race(db(), 6, (n) => set(rate('USD', '2026-06-15', `0.${n + 1}`)));

    expect(answers.flat().map(({ id }) => id)).toEqual(Array(6).fill(first!.id));
    expect(reasons).toEqual([]);
    const versions = await db().find(ExchangeRate, {
      order: { fromCurrency: 'ASC', version: 'ASC' },
    });
    expect(versions.map(({ fromCurrency, version }) => [fromCurrency, version])).toEqual([
      ['GBP', 1],
      ...[1, 2, 3, 4, 5, 6].map((version) => ['USD', version]),
    ]);
    expect(await acts()).toHaveLength(7);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it.each<[string, SetExchangeRates, string]>([
    ['nothing', [], 'rates'],
    ['no money', [rate('Euro', '2026-06-15', '1')], 'rates.0.from'],
    ['the same money', [rate('EUR', '2026-06-15', '1')], 'rates.0.to'],
    ['a worthless one', [rate('GBP', '2026-06-15', '0')], 'rates.0.rate'],
    ['a day that does not exist', [rate('GBP', '2026-02-30', '1')], 'rates.0.on'],
    ['a day twice', [rate('GBP', '2026-06-15', '1'), rate('GBP', '2026-06-15', '2')], 'rates.1'],
  ])('are not set for %s, nor any other of the call', async (_, rates, path) => {
    const others = rates.length === 1 ? [rate('USD', '2026-06-15', '0.9')] : [];

    const all = path === 'rates' ? rates : [...rates, ...others];
    await expect(set(...all)).rejects.toEqual(refusal('INVALID', path.split('.')));

    expect(await db().count(ExchangeRate)).toBe(0);
  });

  it('are read by day: of each money the last one of the week before it', async () => {
    await set(
      rate('GBP', '2026-06-01', '1.1'),
      rate('GBP', '2026-06-14', '1.2'),
      rate('USD', '2026-06-15', '0.9'),
      rate('JPY', '2026-06-01', '0.006'),
      rate('EUR', '2026-06-15', '0.8', 'GBP'),
    );
    await set(rate('USD', '2026-06-15', '0.91'));

    const shown = async (day: string) =>
      (await ratesInto(db(), 'EUR', day)).map((each) => [each.fromCurrency, each.day, each.rate]);

    expect(await shown('2026-06-15')).toEqual([
      ['GBP', '2026-06-14', '1.2'],
      ['USD', '2026-06-15', '0.91'],
    ]);
    expect(await shown('2026-06-08')).toEqual([
      ['GBP', '2026-06-01', '1.1'],
      ['JPY', '2026-06-01', '0.006'],
    ]);
  });
});
