import { randomUUID } from 'node:crypto';
import {
  type LedgerPolicy,
  currencies,
  policyOf,
  saveLedgerCurrency,
  setPolicy,
} from '../../ledger/index.ts';
import { rows, transaction } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenLedgerPartner } from '../support/given-points.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const set = (currency: string, policy: Partial<LedgerPolicy>) =>
  transaction(db(), (tx) => setPolicy(tx, currency, policy));

/** What the tables say of a currency that nobody has touched. */
const untouched: LedgerPolicy = {
  timeZone: 'UTC',
  expiry: 'NEVER',
  expiryMonths: 0,
  expiryDates: [],
  expiryMinimumDays: 0,
  expiryRounding: 'DAY',
  activityKinds: ['ACCRUAL', 'REDEMPTION'],
  holdGraceDays: 0,
  restore: 'WITH_GRACE',
  restoreGraceDays: 30,
};

/** A currency of the test's own. @returns its code */
async function givenCurrency(): Promise<string> {
  const code = `C${randomUUID().slice(0, 8).toUpperCase()}`;
  await rows(
    test.owner(),
    `INSERT INTO ledger.currency (code, name, kind) VALUES ($1, 'Miles', 'SPENDABLE')`,
    [code],
  );
  return code;
}

describe('setPolicy', () => {
  it('changes what is given, in this currency alone', async () => {
    const [currency, other] = [await givenCurrency(), await givenCurrency()];
    const policy: LedgerPolicy = {
      timeZone: 'America/Havana',
      expiry: 'FIXED_DATES',
      expiryMonths: 18,
      expiryDates: ['12-31', '02-29', '06-30'],
      expiryMinimumDays: 90,
      expiryRounding: 'QUARTER',
      activityKinds: ['REDEMPTION', 'CONVERSION'],
      holdGraceDays: 2,
      restore: 'NEW_LOT',
      restoreGraceDays: 0,
    };

    await set(currency, policy);

    const sorted = { ...policy, expiryDates: ['02-29', '06-30', '12-31'] };
    expect(await policyOf(db(), currency)).toEqual(sorted);
    await set(currency, { restoreGraceDays: 7 });
    expect(await policyOf(db(), currency)).toEqual({ ...sorted, restoreGraceDays: 7 });
    expect(await policyOf(db(), other)).toEqual(untouched);
  });

  it.each<[string[], object]>([
    [['timeZone'], { timeZone: 'Europe/Atlantis' }],
    [['timeZone'], { timeZone: '+01:00' }],
    // Known, but spelled otherwise.
    [['timeZone'], { timeZone: 'europe/berlin' }],
    [['expiry'], { expiry: 'SOON' }],
    [['expiryMonths'], { expiryMonths: -1 }],
    [['expiryMonths'], { expiryMonths: 1_201 }],
    [['expiryMonths'], { expiryMonths: 1.5 }],
    [['expiryMonths'], { expiryMonths: null }],
    // What else would they end after?
    [['expiryMonths'], { expiry: 'LOT_AGE' }],
    [['expiryMonths'], { expiry: 'INACTIVITY' }],
    [['expiryDates'], { expiry: 'FIXED_DATES' }],
    [['expiryDates'], { expiry: 'FIXED_DATES', expiryDates: [] }],
    [['expiryDates', '0'], { expiryDates: ['02-30'] }],
    [['expiryDates', '0'], { expiryDates: ['6-30'] }],
    [['expiryDates', '1'], { expiryDates: ['12-31', '13-01'] }],
    [['expiryDates', '1'], { expiryDates: ['12-31', '12-31'] }],
    [['expiryDates'], { expiryDates: Array.from({ length: 21 }, (_, n) => `01-${n + 10}`) }],
    [['expiryMinimumDays'], { expiryMinimumDays: 3_661 }],
    [['expiryRounding'], { expiryRounding: 'WEEK' }],
    // No act of the member.
    [['activityKinds', '0'], { activityKinds: ['EXPIRY'] }],
    [['holdGraceDays'], { holdGraceDays: -1 }],
    [['restore'], { restore: 'MAYBE' }],
    [['restoreGraceDays'], { restoreGraceDays: 3_661 }],
    [[], { code: 'OTHER' }],
  ])('refuses %j in %j, and changes nothing', async (path, policy) => {
    const currency = await givenCurrency();

    await expect(set(currency, { holdGraceDays: 9, ...policy })).rejects.toEqual(
      refusal('INVALID', path),
    );

    expect(await policyOf(db(), currency)).toEqual(untouched);
  });

  it.each([
    { expiry: 'SOON' },
    { expiry_months: -1 },
    { expiry_months: null },
    { expiry_dates: ['02-30'] },
    { expiry_dates: ['1-1'] },
    { expiry_dates: [null] },
    { expiry_dates: Array.from({ length: 21 }, (_, n) => `01-${n + 10}`) },
    { expiry_minimum_days: 3_661 },
    { expiry_rounding: 'WEEK' },
    { activity_kinds: ['EXPIRY'] },
    { activity_kinds: [null] },
    { hold_grace_days: -1 },
    { restore: 'MAYBE' },
    { restore_grace_days: 3_661 },
    { kind: 'QUALIFYING' },
  ])('has the database refuse %j too', async (policy) => {
    const currency = await givenCurrency();

    await expect(
      rows(db(), 'SELECT ledger.set_policy($1, $2)', [currency, JSON.stringify(policy)]),
    ).rejects.toEqual(
      expect.objectContaining({
        // An invalid value, no day of the calendar, null, or against a check of the table.
        code: expect.stringMatching(/^(22023|22008|23502|23514)$/) as unknown,
      }),
    );

    expect(await policyOf(db(), currency)).toEqual(untouched);
  });

  it('knows no policy of a currency that is not there', async () => {
    await expect(set('NOWHERE', { holdGraceDays: 1 })).rejects.toEqual(
      refusal('NOT_FOUND', ['currency']),
    );
    expect(await policyOf(db(), 'NOWHERE')).toBeNull();
  });

  it('is the same when set again', async () => {
    const currency = await givenCurrency();
    const policy = { expiry: 'FIXED_DATES', expiryDates: ['06-30', '12-31'] } as const;

    await set(currency, { ...policy, expiryDates: [...policy.expiryDates] });
    await set(currency, { ...policy, expiryDates: [...policy.expiryDates] });

    expect(await policyOf(db(), currency)).toEqual({ ...untouched, ...policy });
  });

  it('loses nothing where several change different parts at once', async () => {
    const currency = await givenCurrency();
    const parts: Partial<LedgerPolicy>[] = [
      { timeZone: 'Asia/Tokyo' },
      { expiry: 'LOT_AGE', expiryMonths: 36 },
      { expiryRounding: 'MONTH' },
      { restore: 'EXPIRED' },
    ];

    const { reasons } = await race(db(), 20, (index) => set(currency, parts[index % 4]!));

    expect(reasons).toEqual([]);
    expect(await policyOf(db(), currency)).toEqual(
      Object.assign({}, untouched, ...parts) as LedgerPolicy,
    );
  });
});

describe('saveLedgerCurrency', () => {
  const save = (...[currency]: [Parameters<typeof saveLedgerCurrency>[1]]) =>
    transaction(db(), (tx) => saveLedgerCurrency(tx, currency));
  const saved = async (code: string) =>
    (await currencies(db())).filter((currency) => currency.code === code);
  const miles = () => ({
    code: `M${randomUUID().slice(0, 8).toUpperCase()}`,
    name: 'Miles',
    kind: 'SPENDABLE' as const,
    issuer: null,
  });
  /** An account: what makes a currency used. */
  const use = (code: string, tx = test.owner()) =>
    rows(
      tx,
      `INSERT INTO ledger.account (member_id, currency, balance, version) VALUES ($1, $2, 0, 0)`,
      [randomUUID(), code],
    );

  it('makes a currency in the shared one’s time zone, and gives it another name', async () => {
    const currency = { ...miles(), issuer: await givenLedgerPartner(test) };
    await set('PTS', { timeZone: 'Asia/Beirut' });

    await save(currency);

    expect(await saved(currency.code)).toEqual([currency]);
    expect(await policyOf(db(), currency.code)).toEqual({ ...untouched, timeZone: 'Asia/Beirut' });
    await use(currency.code);
    await save({ ...currency, name: 'Nights' });
    expect(await saved(currency.code)).toEqual([{ ...currency, name: 'Nights' }]);
  });

  it('changes kind and issuer until the currency is used, and then refuses', async () => {
    const currency = miles();
    await save(currency);
    const changed = { ...currency, kind: 'QUALIFYING' as const };

    await save(changed);

    expect(await saved(currency.code)).toEqual([changed]);
    await use(currency.code);
    for (const refused of [currency, { ...changed, issuer: await givenLedgerPartner(test) }]) {
      await expect(save({ ...refused, name: 'New' })).rejects.toEqual(
        refusal('CONFLICT', ['code']),
      );
    }
    expect(await saved(currency.code)).toEqual([changed]);
  });

  it('lets the shared currency be what it is', async () => {
    await expect(
      save({ code: 'PTS', name: 'Points', kind: 'QUALIFYING', issuer: null }),
    ).rejects.toEqual(refusal('CONFLICT', ['code']));

    expect(await saved('PTS')).toEqual([
      { code: 'PTS', name: 'Points', kind: 'SPENDABLE', issuer: null },
    ]);
  });

  it.each([
    ['INVALID', 'code', { code: 'miles' }],
    ['INVALID', 'name', { name: ' ' }],
    ['INVALID', 'kind', { kind: 'OTHER' as 'SPENDABLE' }],
    ['INVALID', 'issuer', { issuer: 'nobody' }],
    ['NOT_FOUND', 'issuer', { issuer: randomUUID() }],
  ] as const)('refuses with %s at %s for %j, and makes nothing', async (code, path, fault) => {
    const before = await currencies(db());

    await expect(save({ ...miles(), ...fault })).rejects.toEqual(refusal(code, [path]));

    expect(await currencies(db())).toEqual(before);
  });

  it('makes one where several make it, and keeps the kind that the first account met', async () => {
    const currency = miles();

    const made = await race(db(), 10, () => save(currency));
    const met = await race<unknown>(db(), 10, (index) =>
      index % 2 ? use(currency.code) : save({ ...currency, kind: 'QUALIFYING' }),
    );

    expect(made.reasons).toEqual([]);
    const after = await saved(currency.code);
    expect(after).toHaveLength(1);
    // Either it was changed before there was any account, or each change was refused.
    expect([
      [0, 'QUALIFYING'],
      [5, 'SPENDABLE'],
    ]).toContainEqual([met.reasons.length, after[0]!.kind]);
  });

  it('waits for an account that is just being opened, and refuses then', async () => {
    const currency = miles();
    await save(currency);

    const [saving] = await test.owner().transaction(async (tx) => {
      await use(currency.code, tx);
      const answer = save({ ...currency, kind: 'QUALIFYING' }).catch((error: unknown) => error);
      await rows(tx, 'SELECT pg_sleep(0.1)');
      return [answer];
    });

    expect(await saving).toEqual(refusal('CONFLICT', ['code']));
    expect(await saved(currency.code)).toEqual([currency]);
  });
});
