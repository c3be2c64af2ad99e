import { quoteConversion } from '../../../ledger/index.ts';
import { rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { SignContract } from '../../../subgraphs/partners/contracts/contract-inputs.ts';
import { conversionsOf } from '../../../subgraphs/partners/contracts/conversions.ts';
import { Contract } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenCurrency } from '../../support/given-conversions.ts';
import { givenContract, givenInvited, givenPartner } from '../../support/given-partners.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const contractsOf = (partnerId: string) =>
  db().find(Contract, { where: { partnerId }, order: { version: 'ASC' } });
const euros = (amount: string, currency = 'EUR') => ({ amount, currency });

describe("a contract's terms", () => {
  it('are kept as they were signed', async () => {
    const partnerId = await givenInvited(test);
    const terms = {
      feeRate: '0.02',
      clawbackRisk: 'COALITION',
      refundOrder: 'MONEY_FIRST',
      pending: 'ON_CONFIRMATION',
      claimWindowDays: 90,
      paymentTermsDays: 14,
      monthlyIssueLimit: 1_000_000n,
    } as const;

    await givenContract(db(), partnerId, {
      ...terms,
      creditLimit: euros('50000'),
      alertAt: euros('40000.50'),
    });

    expect(await contractsOf(partnerId)).toMatchObject([
      { ...terms, billing: 'POSTPAID', creditLimit: '50000', alertAt: '40000.50' },
    ]);
  });

  it('are the usual ones where they are left out', async () => {
    const partnerId = await givenInvited(test);

    await givenContract(db(), partnerId);

    expect(await contractsOf(partnerId)).toMatchObject([
      {
        feeRate: '0',
        billing: 'POSTPAID',
        creditLimit: null,
        alertAt: null,
        clawbackRisk: 'PARTNER',
        refundOrder: 'PROPORTIONAL',
        pending: 'AT_ONCE',
        claimWindowDays: 180,
        paymentTermsDays: 30,
        monthlyIssueLimit: null,
        conversions: [],
      },
    ]);
  });

  const pts = { fromCurrency: 'PTS', toCurrency: 'MILES', fromPoints: 3n, toUnits: 1n };
  it.each<[string, Partial<SignContract>, string[]]>([
    ['a fee of more than all', { feeRate: '1.01' }, ['feeRate']],
    ['a fee below zero', { feeRate: '-0.01' }, ['feeRate']],
    ['another currency', { creditLimit: euros('1', 'USD') }, ['creditLimit', 'currency']],
    ['an alert in another one', { alertAt: euros('1', 'USD') }, ['alertAt', 'currency']],
    ['an alert at nothing', { alertAt: euros('0') }, ['alertAt', 'amount']],
    [
      'an alert beyond the limit',
      { creditLimit: euros('10'), alertAt: euros('10.01') },
      ['alertAt', 'amount'],
    ],
    [
      'a limit of what is prepaid',
      { billing: 'PREPAID', creditLimit: euros('1') },
      ['creditLimit'],
    ],
    ['days for a confirmation', { pending: 'ON_CONFIRMATION', pendingDays: 3 }, ['pendingDays']],
    ['a claim window of 11 years', { claimWindowDays: 4_000 }, ['claimWindowDays']],
    ['no points a month', { monthlyIssueLimit: 0n }, ['monthlyIssueLimit']],
    [
      'half a bonus',
      { conversions: [{ ...pts, minimumPoints: 3n, bonusEvery: 60n }] },
      ['conversions', '0', 'bonusUnits'],
    ],
    [
      'a currency into itself',
      { conversions: [{ ...pts, toCurrency: 'PTS', minimumPoints: 3n }] },
      ['conversions', '0', 'toCurrency'],
    ],
    [
      'a pair twice',
      {
        conversions: [
          { ...pts, minimumPoints: 3n },
          { ...pts, minimumPoints: 6n },
        ],
      },
      ['conversions', '1'],
    ],
  ])('are refused with %s, and nothing is signed', async (_, fault, path) => {
    const partnerId = await givenInvited(test);

    await expect(givenContract(db(), partnerId, fault)).rejects.toEqual(refusal('INVALID', path));

    expect(await contractsOf(partnerId)).toEqual([]);
  });
});

describe("a contract's conversions", () => {
  /** A brand with a currency of its own, and how many of it are exchanged for points. */
  async function givenAirline() {
    const partnerId = await givenPartner(test);
    const miles = await givenCurrency(test, partnerId);
    const into = (fromPoints: bigint, toUnits: bigint) => {
      return { fromCurrency: 'PTS', toCurrency: miles, fromPoints, toUnits, minimumPoints: 1n };
    };
    const out = (fromPoints: bigint, toUnits: bigint) => {
      return { fromCurrency: miles, toCurrency: 'PTS', fromPoints, toUnits, minimumPoints: 1n };
    };
    const sign = (conversions: SignContract['conversions'], validFrom = '2026-03-01') =>
      givenContract(db(), partnerId, { validFrom, conversions });
    const quote = (points: bigint, at: string) =>
      quoteConversion(db(), { from: 'PTS', to: miles, points, at: new Date(at) });
    return { partnerId, miles, into, out, sign, quote };
  }
  const rates = async (programId: string) =>
    rows(test.owner(), 'SELECT rate_id FROM ledger.rate WHERE program = $1', [programId]);

  it('count from the day on, with their bonus and their minimum, until the next version', async () => {
    const { partnerId, miles, into, sign, quote } = await givenAirline();

    await sign([
      {
        ...into(3_000n, 1_000n),
        minimumPoints: 6_000n,
        bonusEvery: 60_000n,
        bonusUnits: 5_000n,
        dailyLimit: 240_000n,
        confirmHours: 72,
      },
    ]);
    await sign([], '2026-05-01');

    // In Berlin the day begins an hour before it does by UTC, two in summer.
    const none = refusal('NOT_FOUND');
    await expect(quote(61_000n, '2026-02-28T22:59:59Z')).rejects.toEqual(none);
    expect(await quote(61_000n, '2026-02-28T23:00:00Z')).toMatchObject({
      moved: 60_000n,
      credited: 25_000n,
      remaining: 1_000n,
      dailyLimit: 240_000n,
      yearlyLimit: null,
      confirmHours: 72,
    });
    await expect(quote(5_999n, '2026-04-30T21:59:59Z')).rejects.toEqual(
      refusal('INVALID', ['points'], { required: 6_000n }),
    );
    await expect(quote(61_000n, '2026-04-30T22:00:00Z')).rejects.toEqual(none);
    const [, second, third] = await contractsOf(partnerId);
    expect(conversionsOf(third!)).toEqual([]);
    expect(conversionsOf(second!)).toMatchObject([
      {
        fromCurrency: 'PTS',
        toCurrency: miles,
        fromPoints: 3_000n,
        toUnits: 1_000n,
        minimumPoints: 6_000n,
        bonusEvery: 60_000n,
        bonusUnits: 5_000n,
        dailyLimit: 240_000n,
        yearlyLimit: null,
        validFrom: '2026-03-01',
        validTo: '2026-04-30',
      },
    ]);
  });

  it('are replaced by those of the next version, and by none that begins before they do', async () => {
    const { into, sign, quote } = await givenAirline();
    await sign([into(400n, 250n)]);
    await sign([into(400n, 300n)], '2026-04-01');

    expect((await quote(400n, '2026-03-31T12:00:00Z')).credited).toBe(250n);
    expect((await quote(400n, '2026-04-01T12:00:00Z')).credited).toBe(300n);
  });

  it('are refused where points would grow by going round, and nothing is signed', async () => {
    const { partnerId, miles, into, out, sign, quote } = await givenAirline();
    await sign([into(400n, 250n)]);

    // 400 become 250, and 250 become 401.
    await expect(sign([into(400n, 250n), out(250n, 401n)], '2026-04-01')).rejects.toEqual(
      refusal('NOT_ALLOWED', ['conversions', '1'], { subject: `${miles} > PTS > ${miles}` }),
    );

    expect(await contractsOf(partnerId)).toHaveLength(2);
    expect(await rates(partnerId)).toHaveLength(1);
    expect((await quote(400n, '2026-04-02T12:00:00Z')).credited).toBe(250n);
    await sign([into(400n, 250n), out(250n, 400n)], '2026-04-01');
    expect(await rates(partnerId)).toHaveLength(3);
  });

  it('are refused in currencies that there are not, and in a pair of another partner', async () => {
    const { partnerId, miles, into, sign } = await givenAirline();
    await sign([into(400n, 250n)]);
    const other = await givenPartner(test);
    const signOther = (...conversions: NonNullable<SignContract['conversions']>) =>
      givenContract(db(), other, { validFrom: '2026-02-01', conversions });

    await expect(signOther({ ...into(1n, 1n), toCurrency: 'NONE' })).rejects.toEqual(
      refusal('NOT_FOUND', ['conversions', '0', 'toCurrency']),
    );
    await expect(signOther({ ...into(1n, 1n), fromCurrency: 'NONE' })).rejects.toEqual(
      refusal('NOT_FOUND', ['conversions', '0', 'fromCurrency']),
    );
    await expect(signOther(into(1n, 1n))).rejects.toEqual(
      refusal('CONFLICT', ['conversions', '0'], { subject: partnerId }),
    );
    expect(await rates(other)).toEqual([]);
    const stars = await givenCurrency(test, other);
    await signOther({ ...into(1n, 1n), fromCurrency: miles, toCurrency: stars });
  });

  it('of partners who sign at once make no cycle together', async () => {
    const { partnerId, miles, into } = await givenAirline();
    const other = await givenPartner(test);
    const back = { fromCurrency: miles, toCurrency: 'PTS', fromPoints: 1n, toUnits: 2n };

    const { answers, reasons } = await race(db(), 8, (index) =>
      askAgain(() =>
        givenContract(db(), index % 2 ? partnerId : other, {
          validFrom: '2026-03-01',
          conversions: [index % 2 ? into(1n, 1n) : { ...back, minimumPoints: 1n }],
        }),
      ),
    );

    // One of the two brands has signed; the other is refused, and so is who signs again.
    expect(answers).toHaveLength(1);
    const codes = reasons.map((reason) => (reason as Refusal).code);
    expect(new Set(codes)).toEqual(new Set(['CONFLICT', 'NOT_ALLOWED']));
    expect([...(await rates(partnerId)), ...(await rates(other))]).toHaveLength(1);
  });

  it('are open to a partner that is not LIVE yet', async () => {
    const miles = await givenCurrency(test, await givenPartner(test));
    const partnerId = await givenInvited(test);
    const conversion = { fromCurrency: 'PTS', toCurrency: miles, fromPoints: 2n, toUnits: 1n };

    await givenContract(db(), partnerId, {
      conversions: [{ ...conversion, minimumPoints: 1n }],
    });

    expect(await rates(partnerId)).toHaveLength(1);
  });
});
