import { randomUUID } from 'node:crypto';
import { currencies, openPartner, policyOf } from '../../../ledger/index.ts';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { configureProgram } from '../../../subgraphs/members/program/configuration.ts';
import { saveCurrency } from '../../../subgraphs/members/program/currencies.ts';
import { Program } from '../../../subgraphs/members/program/entities.ts';
import { listTiers } from '../../../subgraphs/members/tiers/ladder.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenRolledUp } from '../../support/given-closed.ts';
import { givenMember } from '../../support/given-members.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

type Input = Parameters<typeof configureProgram>[1];

describe('the program', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  const by = { viewer: { ...adminViewer(), subject: 'ann' }, clock: databaseClock };
  const configure = (input: Input) => configureProgram(db(), input, by);
  const program = async () => (await db().find(Program))[0]!;
  const changesOf = async (action: string) => {
    const [last] = await rows<{ changes: { field: string; before: string; after: string }[] }>(
      test.owner(),
      `SELECT changes FROM platform.audit_event WHERE action = $1 ORDER BY sequence DESC LIMIT 1`,
      [action],
    );
    return last?.changes;
  };
  const aTier = (code: string, threshold: bigint) => ({
    code,
    name: `Tier ${code}`,
    threshold,
    earnMultiplier: '1.25',
    benefits: [{ code: 'LOUNGE', name: 'Lounge' }],
  });

  it('is changed by what is given, keeps the rest, and tells who changed what', async () => {
    const { version } = await program();

    const changed = await configure({ name: ' Northern Lights ', adjustmentApprovalLimit: 0n });

    expect(changed).toEqual(await program());
    expect(changed).toMatchObject({
      name: 'Northern Lights',
      moneyCurrency: 'EUR',
      version: version + 1,
      adjustmentApprovalLimit: 0n,
    });
    expect(await changesOf('configureProgram')).toEqual([
      { field: 'adjustmentApprovalLimit', before: '10000', after: '0' },
      { field: 'name', before: 'Coalition', after: 'Northern Lights' },
      { field: 'version', before: String(version), after: String(version + 1) },
    ]);
  });

  it('has the tiers that were given last, the lowest first', async () => {
    await configure({ tiers: [aTier('A', 0n), aTier('B', 10n)] });
    await configure({ tiers: [aTier('B', 0n), aTier('C', 5n)], name: 'With tiers' });

    expect(await listTiers(db())).toEqual([
      {
        ...aTier('B', 0n),
        rank: 0,
        benefits: [{ code: 'LOUNGE', name: 'Lounge', description: null }],
      },
      expect.objectContaining({ code: 'C', rank: 1, threshold: 5n }),
    ]);
    await configure({ tiers: [] });
    expect(await listTiers(db())).toEqual([]);
  });

  it('lets one of those change it who go by the same version', async () => {
    const { version } = await program();

    const { answers, reasons } = await race(db(), 4, (i) =>
      configure({ expectedVersion: version, name: `Name ${i}` }),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(3).fill(refusal('CONFLICT', ['expectedVersion'])));
    expect(await program()).toMatchObject({ name: answers[0]!.name, version: version + 1 });
  });

  it('lets points end by the rules that are given', async () => {
    await configure({ expiry: { kind: 'LOT_AGE', months: 24, noticeDays: [7, 30] } });
    expect(await policyOf(db(), 'PTS')).toMatchObject({
      expiry: 'LOT_AGE',
      expiryMonths: 24,
      expiryRounding: 'MONTH',
    });
    expect((await program()).expiryNoticeDays).toEqual([30, 7]);

    await configure({
      expiry: { kind: 'FIXED_DATES', dates: ['12-31', '06-30'], minimumDays: 30, rounding: 'DAY' },
    });
    expect(await policyOf(db(), 'PTS')).toMatchObject({
      expiry: 'FIXED_DATES',
      expiryDates: ['06-30', '12-31'],
      expiryMinimumDays: 30,
    });
    expect((await program()).expiryNoticeDays).toEqual([30, 7]);
    await configure({ expiry: { kind: 'NEVER' } });
  });

  it('has one time zone with its currencies', async () => {
    await configure({ timeZone: 'Asia/Tokyo' });

    expect((await program()).timeZone).toBe('Asia/Tokyo');
    for (const { code } of await currencies(db())) {
      expect(await policyOf(db(), code)).toMatchObject({ timeZone: 'Asia/Tokyo' });
    }
    await configure({ timeZone: 'Europe/Berlin' });
  });

  it.each<[string, Input, string[]]>([
    ['an offset for a time zone', { timeZone: '+01:00' }, ['timeZone']],
    ['a time zone that is none', { timeZone: 'Europe/Atlantis' }, ['timeZone']],
    ['a currency that is none', { moneyCurrency: 'EUX' }, ['moneyCurrency']],
    ['an empty name', { name: ' ' }, ['name']],
    ['a limit below 0', { adjustmentApprovalLimit: -1n }, ['adjustmentApprovalLimit']],
    ['a lowest tier above 0', { tiers: [aTier('A', 1n)] }, ['tiers', '0', 'threshold']],
    [
      'thresholds that do not rise',
      { tiers: [aTier('A', 0n), aTier('B', 5n), aTier('C', 5n)] },
      ['tiers', '2', 'threshold'],
    ],
    ['a code twice', { tiers: [aTier('A', 0n), aTier('A', 5n)] }, ['tiers', '1', 'code']],
    [
      'a multiplier that is no decimal',
      { tiers: [{ ...aTier('A', 0n), earnMultiplier: '1,5' }] },
      ['tiers', '0', 'earnMultiplier'],
    ],
    [
      'a multiplier below 1',
      { tiers: [{ ...aTier('A', 0n), earnMultiplier: '0.9' }] },
      ['tiers', '0', 'earnMultiplier'],
    ],
    [
      'more than 20 tiers',
      { tiers: Array.from({ length: 21 }, (_, i) => aTier(`T${i}`, BigInt(i))) },
      ['tiers'],
    ],
    ['points that end after no months', { expiry: { kind: 'LOT_AGE' } }, ['expiry', 'months']],
    ['dates that are left out', { expiry: { kind: 'FIXED_DATES' } }, ['expiry', 'dates']],
    [
      'a day that no year has',
      { expiry: { kind: 'FIXED_DATES', dates: ['06-31'] } },
      ['expiry', 'dates', '0'],
    ],
    [
      'a grace of years',
      { tierPolicy: { period: 'CALENDAR_YEAR', downgrade: 'ONE_STEP', graceDays: 367 } },
      ['tierPolicy', 'graceDays'],
    ],
  ])('refuses %s, and changes nothing', async (_, input, path) => {
    const before = await program();
    const policy = await policyOf(db(), 'PTS');

    await expect(configure({ name: 'Never', ...input })).rejects.toEqual(refusal('INVALID', path));

    expect(await program()).toEqual(before);
    expect(await policyOf(db(), 'PTS')).toEqual(policy);
  });

  it('keeps its time zone once points were booked by its days', async () => {
    await givenMember(test, 100n);
    await givenRolledUp(test);
    const before = await program();

    await expect(configure({ name: 'Never', timeZone: 'Asia/Tokyo' })).rejects.toEqual(
      refusal('CONFLICT', ['timeZone']),
    );

    expect(await program()).toEqual(before);
  });

  describe('saveCurrency', () => {
    const save = (input: Parameters<typeof saveCurrency>[1]) => saveCurrency(db(), input, by);
    const saved = async (code: string) =>
      (await currencies(db())).find((currency) => currency.code === code);

    it('makes a currency, and gives it another name', async () => {
      const issuer = randomUUID();
      await openPartner(test.db('partners'), issuer);
      await save({ code: 'MILES', name: 'Miles', issuerId: issuer });
      const miles = { code: 'MILES', name: 'Miles', kind: 'SPENDABLE', issuer };
      expect(await saved('MILES')).toEqual(miles);

      await save({ code: 'MILES', name: 'Air miles', issuerId: issuer });

      expect(await saved('MILES')).toEqual({ ...miles, name: 'Air miles' });
      expect(await changesOf('saveCurrency')).toContainEqual({
        field: 'name',
        before: null,
        after: 'Air miles',
      });
    });

    it.each([
      [
        'an issuer that is none',
        { code: 'X', name: 'X', issuerId: randomUUID() },
        'NOT_FOUND',
        'issuerId',
      ],
      ['a code in small letters', { code: 'x', name: 'X' }, 'INVALID', 'code'],
      [
        'another kind of one in use',
        { code: 'PTS', name: 'X', kind: 'QUALIFYING' as const },
        'CONFLICT',
        'code',
      ],
    ])('refuses %s, and changes nothing', async (_, input, code, path) => {
      const before = await currencies(db());

      await expect(save(input)).rejects.toEqual(refusal(code as 'INVALID', [path]));

      expect(await currencies(db())).toEqual(before);
    });
  });
});
