import { randomUUID } from 'node:crypto';
import { balancesOf, testCurrency } from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { Hold, HoldAct, Member } from '../../../subgraphs/members/entities.ts';
import type { HoldPoints } from '../../../subgraphs/members/holds/placing.ts';
import { quotePayment } from '../../../subgraphs/members/holds/prices.ts';
import { createWalletToken } from '../../../subgraphs/members/identifiers/wallet-tokens.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { give } from '../../support/given-conversions.ts';
import { givenConsent, givenMember, givenProvisional } from '../../support/given-members.ts';
import { givenContract, givenPartner, givenStatus } from '../../support/given-partners.ts';
import { givenTill, tillOf } from '../../support/given-tills.ts';
import { accountOf, traceOf } from '../../support/ledger-rows.ts';
import { refusal } from '../../support/refusal.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const minutesLater = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

describe('holdPoints', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let shop: string;
  beforeAll(async () => (shop = await givenPartner(test)));
  const givenAtShop = () => givenTill(test, { at: noon, partnerId: shop });
  const holdsOf = (memberId: string) => db().countBy(Hold, { memberId });
  const events = async (memberId: string) =>
    (
      await rows<{ type: string }>(
        test.owner(),
        `SELECT type FROM platform.outbox WHERE member_id = $1 AND type LIKE 'hold.%'
         ORDER BY sequence`,
        [memberId],
      )
    ).map(({ type }) => type);

  it('sets points aside for a quarter of an hour, and fixes what they are worth', async () => {
    const { memberId, till } = await givenAtShop();

    const hold = await till.hold(memberId, { points: 300n, reference: 'Order 7' });

    expect(hold).toMatchObject({
      partnerId: till.partnerId,
      reference: 'Order 7',
      points: 300n,
      worth: '2.40',
      currency: 'EUR',
      status: 'ACTIVE',
      expiresAt: minutesLater(15),
    });
    expect(await accountOf(test, memberId)).toEqual({ balance: 500n, held: 300n, debt: 0n });
    expect(await events(memberId)).toEqual(['hold.placed']);
  });

  // P = 129.99 at 0.0067 a point is 19,402 points: the worked example.
  it.each([
    ['0.0067', '129.99', 19_402n, '129.99'],
    ['0.0080', '2.4', 300n, '2.40'],
    ['0.0080', '0.01', 2n, '0.01'],
    ['1', '3', 3n, '3.00'],
  ])('at %s covers %s with %s points', async (rate, amount, points, worth) => {
    const { memberId, till } = await givenTill(test, { rate, points: 20_000n, at: noon });

    const hold = await till.hold(memberId, { amount: { amount, currency: 'EUR' } });

    expect(hold).toMatchObject({ points, worth });
  });

  it.each([
    [60, 60],
    [604_800, 604_800],
    [2_000_000_000, 604_800],
  ])('asked for %s seconds lasts %s: a week at most', async (expiresIn, seconds) => {
    const { memberId, till } = await givenAtShop();

    const hold = await till.hold(memberId, { points: 1n, expiresIn });

    expect(hold.expiresAt).toEqual(minutesLater(seconds / 60));
  });

  const euros = (amount: string, currency = 'EUR') => ({ amount: { amount, currency } });
  it.each<[string, Partial<HoldPoints>, unknown]>([
    ['no points', { points: 0n }, refusal('INVALID', ['points'])],
    ['neither points nor an amount', {}, refusal('INVALID', ['points'])],
    ['both', { points: 1n, ...euros('1') }, refusal('INVALID', ['points'])],
    ['no amount', euros('0.00'), refusal('INVALID', ['amount', 'amount'])],
    ['a part of a cent', euros('1.001'), refusal('INVALID', ['amount', 'amount'])],
    ['other money', euros('1', 'GBP'), refusal('INVALID', ['amount', 'currency'])],
    ['too large an amount', euros('99999999999'), refusal('INVALID', ['amount'])],
    ['no time', { points: 1n, expiresIn: 0 }, refusal('INVALID', ['expiresIn'])],
    ['no reference', { points: 1n, reference: ' ' }, refusal('INVALID', ['reference'])],
    ['nobody', { points: 1n, member: {} }, refusal('INVALID', ['member'])],
    [
      'an unknown member',
      { points: 1n, member: { id: randomUUID() } },
      refusal('NOT_FOUND', ['member']),
    ],
    [
      'more than there is',
      { points: 501n },
      refusal('INSUFFICIENT_POINTS', [], { available: 500n, required: 501n }),
    ],
  ])('refuses %s, and changes nothing', async (_, asked, expected) => {
    const { memberId, till } = await givenAtShop();
    const before = await traceOf(test, memberId);

    await expect(till.hold(memberId, asked)).rejects.toEqual(expected);

    expect(await traceOf(test, memberId)).toEqual(before);
    expect(await holdsOf(memberId)).toBe(0);
    expect(await events(memberId)).toEqual([]);
  });

  it('knows no member without consent, and says which is missing only where it has another', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenMember(test, 500n, undefined, noon);
    const till = tillOf(test, partnerId, { at: noon });

    await expect(till.hold(memberId)).rejects.toEqual(refusal('NOT_FOUND', ['member']));
    await givenConsent(test, memberId, partnerId, ['EARN', 'READ_BALANCE']);
    await expect(till.hold(memberId)).rejects.toEqual(
      refusal('CONSENT_REQUIRED', ['member'], { subject: 'SPEND' }),
    );
    await givenConsent(test, memberId, partnerId, ['SPEND']);
    await till.hold(memberId);
    await revokeConsent(db(), { partnerId }, { memberId, clock: till.clock });
    await expect(till.hold(memberId)).rejects.toEqual(refusal('NOT_FOUND', ['member']));

    expect(await holdsOf(memberId)).toBe(1);
  });

  it.each([
    ['SUSPENDED', 'MEMBER_INACTIVE'],
    // Who has left trusts nobody.
    ['CLOSED', 'NOT_FOUND'],
  ] as const)('refuses a member who is %s', async (status, code) => {
    const { memberId, till } = await givenAtShop();
    await db().update(Member, { id: memberId }, { status });

    await expect(till.hold(memberId)).rejects.toEqual(refusal(code, ['member']));

    expect(await holdsOf(memberId)).toBe(0);
  });

  it('refuses a provisional member, who earns and cannot spend yet', async () => {
    const { till } = await givenAtShop();
    const memberId = await givenProvisional(test, till.partnerId, 'C-1');

    await expect(
      till.hold(memberId, { points: 1n, member: { partnerAccount: 'C-1' } }),
    ).rejects.toEqual(refusal('MEMBER_INACTIVE', ['member']));
  });

  it.each(['SANDBOX', 'SUSPENDED', 'TERMINATED'] as const)(
    'refuses a partner that is %s',
    async (status) => {
      const { memberId, till } = await givenTill(test, { at: noon });
      await givenStatus(test, till.partnerId, status);

      await expect(till.hold(memberId)).rejects.toEqual(refusal('PARTNER_INACTIVE'));

      expect(await holdsOf(memberId)).toBe(0);
    },
  );

  it('goes by the contract of the day, and refuses where that redeems nothing', async () => {
    const { memberId, till } = await givenTill(test, { at: noon });
    const { partnerId } = till;
    const partners = test.db('partners');
    await givenContract(partners, partnerId, { validFrom: '2026-03-02', redemptionRate: '0.0050' });
    await givenContract(partners, partnerId, { validFrom: '2026-03-03', redemptionRate: '0' });

    expect(await till.hold(memberId)).toMatchObject({ worth: '0.80' });
    till.clock.at = new Date('2026-03-02T12:00:00Z');
    expect(await till.hold(memberId)).toMatchObject({ worth: '0.50' });
    till.clock.at = new Date('2026-03-03T12:00:00Z');
    await expect(till.hold(memberId)).rejects.toEqual(refusal('NOT_ALLOWED'));
  });

  it('keeps the sandbox apart', async () => {
    const { memberId, till } = await givenTill(test, { at: noon });
    const tests = tillOf(test, till.partnerId, { at: noon, sandbox: true });
    await expect(tests.hold(memberId)).rejects.toEqual(refusal('NOT_FOUND', ['member']));

    await rows(test.owner(), 'UPDATE members.member SET sandbox = true WHERE id = $1', [memberId]);
    await give(test, { memberId, currency: testCurrency, points: 100n });

    await expect(till.hold(memberId)).rejects.toEqual(refusal('NOT_FOUND', ['member']));
    const asked = { points: 100n, reference: 'Same', idempotencyKey: 'same' };
    const hold = await tests.hold(memberId, asked);
    expect(hold).toMatchObject({ sandbox: true });
    await expect(till.capture(hold.id)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    expect(await tests.capture(hold.id)).toMatchObject({ status: 'CAPTURED' });
    // Real points are not touched.
    const [real] = await balancesOf(db(), [{ memberId }], noon);
    expect(real).toMatchObject({ available: 500n, held: 0n });
    // Neither half's numbers stand in the other's way.
    await rows(test.owner(), 'UPDATE members.member SET sandbox = false WHERE id = $1', [memberId]);
    expect(await till.hold(memberId, asked)).not.toMatchObject({ id: hold.id });
  });

  describe('called again', () => {
    const asked = { points: 300n, reference: 'Order 8', idempotencyKey: 'key-8' };

    it('gives the first hold, though the member could not hold as much any more', async () => {
      const { memberId, till } = await givenTill(test, { at: noon });
      const first = await till.hold(memberId, asked);
      await revokeConsent(db(), { partnerId: till.partnerId }, { memberId, clock: till.clock });
      till.clock.at = minutesLater(60);

      expect(await till.hold(memberId, asked)).toEqual(first);
      // The reference is the partner's own number: it decides, whatever the key.
      expect(await till.hold(memberId, { ...asked, idempotencyKey: 'other' })).toEqual(first);
      expect(await holdsOf(memberId)).toBe(1);
      expect(await events(memberId)).toHaveLength(1);
    });

    it('gives it also for a wallet token that is spent, though the member trusts nobody', async () => {
      const { sealKey } = testConfig();
      const memberId = await givenMember(test, 500n);
      const { token: walletToken } = await createWalletToken(db(), {
        memberId,
        clock: databaseClock,
        sealKey,
      });
      const till = tillOf(test, await givenPartner(test), { at: new Date() });
      const shown = { ...asked, member: { walletToken } };

      const first = await till.hold(memberId, shown);

      expect(first).toMatchObject({ memberId, points: 300n });
      expect(await till.hold(memberId, shown)).toEqual(first);
      await expect(
        till.hold(memberId, { ...shown, reference: 'Order 9', idempotencyKey: 'key-9' }),
      ).rejects.toBeInstanceOf(Refusal);
      expect(await accountOf(test, memberId)).toMatchObject({ held: 300n });
    });

    it('with another input is refused with the id of the first', async () => {
      const { memberId, till } = await givenTill(test, { at: noon });
      const { id: subject } = await till.hold(memberId, asked);

      await expect(till.hold(memberId, { ...asked, points: 301n })).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['reference'], { subject }),
      );
      await expect(till.hold(memberId, { ...asked, reference: 'Order 9' })).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject }),
      );
      expect(await accountOf(test, memberId)).toMatchObject({ held: 300n });
    });

    it('after a refusal goes through: a refused call leaves no trace', async () => {
      const { memberId, till } = await givenTill(test, { at: noon, points: 299n });
      await expect(till.hold(memberId, asked)).rejects.toEqual(
        refusal('INSUFFICIENT_POINTS', [], { available: 299n, required: 300n }),
      );

      expect(await till.hold(memberId, { ...asked, points: 299n })).toMatchObject({ points: 299n });
      expect(await db().countBy(HoldAct, { partnerId: till.partnerId })).toBe(0);
    });
  });
});

describe('quotePayment', () => {
  const test = useTestDatabase();
  let partnerId: string;
  beforeAll(async () => {
    partnerId = await givenPartner(test, { contract: { redemptionRate: '0.0067' } });
  });
  const quote = (amount: string, points?: bigint, currency = 'EUR', by = partnerId) =>
    quotePayment(
      test.db('members'),
      { amount: { amount, currency }, ...(points !== undefined && { points }) },
      { by: { partnerId: by, sandbox: false }, clock: new SetClock(noon) },
    );
  const inEuros = (points: bigint, worth: string, due: string) => ({
    points,
    worth: { amount: worth, currency: 'EUR' },
    due: { amount: due, currency: 'EUR' },
  });

  // The worked example: 129.99 at 0.0067 a point.
  it.each([
    [1_000n, inEuros(1_000n, '6.70', '123.29')],
    [5_000n, inEuros(5_000n, '33.50', '96.49')],
    [10_000n, inEuros(10_000n, '67.00', '62.99')],
    [1n, inEuros(1n, '0.00', '129.99')],
    [19_401n, inEuros(19_401n, '129.98', '0.01')],
    [19_402n, inEuros(19_402n, '129.99', '0.00')],
    // No more than are needed.
    [50_000n, inEuros(19_402n, '129.99', '0.00')],
    [undefined, inEuros(19_402n, '129.99', '0.00')],
  ])('of %s points tells what they pay and what is left', async (points, expected) => {
    expect(await quote('129.99', points)).toEqual(expected);
  });

  it('refuses what cannot be paid with points', async () => {
    await expect(quote('1', 1n, 'GBP')).rejects.toEqual(refusal('INVALID', ['amount', 'currency']));
    await expect(quote('0')).rejects.toEqual(refusal('INVALID', ['amount', 'amount']));
    await expect(quote('1', 0n)).rejects.toEqual(refusal('INVALID', ['points']));
    const free = await givenPartner(test, { contract: { redemptionRate: '0' } });
    await expect(quote('1', 1n, 'EUR', free)).rejects.toEqual(refusal('NOT_ALLOWED'));
  });
});
