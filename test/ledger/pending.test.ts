import { randomUUID } from 'node:crypto';
import {
  type Accrual,
  type ReverseAccrual,
  accruePoints,
  activatePoints,
  auditLedger,
  mergePoints,
  redeemPoints,
  reverseAccrual,
  settleDue,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { accountOf, countersOf, movementsOf, openLotsOf, traceOf } from '../support/ledger-rows.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const day = (text: string) => new Date(`${text}T00:00:00Z`);
const settle = (at: Date) => settleDue(test.db('worker'), 1_000, at);

async function givenPending(accrual: Partial<Accrual>): Promise<Accrual> {
  const issuerId = await givenLedgerPartner(test);
  const pending = anAccrual({ memberId: randomUUID(), issuerId, points: 100n, ...accrual });
  await accruePoints(db(), pending);
  return pending;
}

const aReversal = ({ memberId, key, source }: Accrual, points: bigint): ReverseAccrual => ({
  memberId,
  key: randomUUID(),
  accrualId: key,
  points,
  clawback: 'ONLY_PENDING',
  risk: 'ISSUER',
  source,
  description: 'Returned',
  at: noon,
});

function merge(memberId: string, intoMemberId: string) {
  const key = randomUUID();
  const movement = { source: { kind: 'merge' as const, id: key }, description: 'Joined', at: noon };
  return mergePoints(test.db('members'), [{ memberId, intoMemberId, key, ...movement }]);
}

const redeem = ({ memberId, issuerId }: Accrual, points: bigint, at: Date) =>
  redeemPoints(db(), aRedemption({ memberId, partnerId: issuerId, points, at }));

const activate = (
  { memberId, key }: Accrual,
  at: Date,
  ownKey: string = randomUUID(),
  mergedInto?: string,
) =>
  activatePoints(db(), {
    memberId,
    key: ownKey,
    accrualId: key,
    at,
    ...(mergedInto && { mergedInto }),
  });

describe('points that are pending until a day', () => {
  it('can be spent from that day on, whether a sweep came by or not', async () => {
    const pending = await givenPending({ activatesAt: day('2026-03-15') });

    await expect(redeem(pending, 1n, new Date('2026-03-14T23:59:59.999Z'))).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 1n }),
    );

    expect(await redeem(pending, 100n, day('2026-03-15'))).toMatchObject({ balance: 0n });
  });

  it('pay a debt on that day', async () => {
    const pending = await givenPending({ activatesAt: day('2026-03-15') });
    const { memberId, issuerId } = pending;
    const spent = anAccrual({ memberId, issuerId, points: 60n });
    await accruePoints(db(), spent);
    await redeem(pending, 60n, noon);
    await reverseAccrual(db(), {
      ...spent,
      key: randomUUID(),
      accrualId: spent.key,
      clawback: 'DEBT',
      risk: 'OPERATOR',
    });
    expect(await accountOf(test, memberId)).toEqual({ balance: 100n, held: 0n, debt: 60n });

    await settle(day('2026-03-15'));

    expect(await accountOf(test, memberId)).toEqual({ balance: 40n, held: 0n, debt: 0n });
    expect(await settle(day('2026-03-15'))).toBe(0);
  });
});

describe('points that wait for an action', () => {
  it('can be spent once it has happened, and their expiry is reckoned from then', async () => {
    await rows(
      test.owner(),
      `UPDATE ledger.currency SET expiry = 'LOT_AGE', expiry_months = 1, time_zone = 'UTC'`,
    );
    const pending = await givenPending({ activatesAt: 'onAction' });
    await expect(redeem(pending, 1n, day('2030-01-01'))).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS'),
    );

    const activated = await activate(pending, new Date('2026-03-31T10:00:00Z'));
    await rows(test.owner(), `UPDATE ledger.currency SET expiry = 'NEVER'`);

    expect(activated).toEqual({ points: 100n, repeated: false });
    // A month after 31 March is 30 April, the last day that counts.
    expect(await openLotsOf(test, pending.memberId)).toMatchObject([
      { remaining: 100n, expiresAt: day('2026-05-01') },
    ]);
  });

  it('are taken back when it has not happened in time', async () => {
    const pending = await givenPending({
      activatesAt: 'onAction',
      cancelsAt: day('2026-03-20'),
    });

    expect(await settle(day('2026-03-20'))).toBeGreaterThan(0);

    expect(await accountOf(test, pending.memberId)).toMatchObject({ balance: 0n });
    expect((await movementsOf(test, pending.memberId)).at(-1)).toMatchObject({
      kind: 'REVERSAL',
      points: -100n,
      counter: 'PARTNER_ISSUANCE',
    });
    expect(await countersOf(test, pending.issuerId)).toEqual({ PARTNER_ISSUANCE: 0n });
    await expect(activate(pending, day('2026-03-21'))).rejects.toEqual(refusal('NOT_FOUND'));
  });

  it('can be spent where they are by now, once the membership was merged, and merged again', async () => {
    const [b, c] = [randomUUID(), randomUUID()];
    const pending = await givenPending({ activatesAt: 'onAction' });
    const { memberId } = pending;
    await reverseAccrual(db(), aReversal(pending, 10n));
    await merge(memberId, b);
    await merge(b, c);
    await reverseAccrual(db(), { ...aReversal(pending, 20n), mergedInto: c });
    await expect(activate(pending, noon)).rejects.toEqual(refusal('NOT_FOUND'));

    const key = randomUUID();
    const first = await activate(pending, noon, key, c);

    expect(first).toEqual({ points: 70n, repeated: false });
    expect(await activate(pending, noon, key, c)).toEqual({ ...first, repeated: true });
    await expect(activate(pending, noon, randomUUID(), c)).rejects.toEqual(refusal('CONFLICT'));
    expect(await redeem({ ...pending, memberId: c }, 70n, noon)).toMatchObject({ balance: 0n });
  });

  it('refuses to activate twice, or what is not there, and changes nothing', async () => {
    const pending = await givenPending({ activatesAt: 'onAction' });
    const key = randomUUID();
    const first = await activate(pending, noon, key);
    const before = await traceOf(test, pending.memberId);

    await expect(activate(pending, noon)).rejects.toEqual(refusal('CONFLICT'));
    await expect(activate({ ...pending, key: randomUUID() }, noon)).rejects.toEqual(
      refusal('NOT_FOUND'),
    );
    expect(await activate(pending, noon, key)).toEqual({ ...first, repeated: true });

    expect(await traceOf(test, pending.memberId)).toEqual(before);
  });

  it('are activated once when it races', async () => {
    const pending = await givenPending({ activatesAt: 'onAction' });

    const { answers, reasons } = await race(db(), 10, () => activate(pending, noon));

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(9).fill(refusal('CONFLICT')));
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
