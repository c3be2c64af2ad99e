import { randomUUID } from 'node:crypto';
import {
  accruePoints,
  adjustPoints,
  beginConversion,
  cancelRedemption,
  captureHold,
  confirmConversion,
  donatePoints,
  holdPoints,
  openCause,
  redeemPoints,
  releaseHold,
  reverseAccrual,
  reverseConversion,
  settleDue,
  sharedCurrency,
  transferPoints,
} from '../../ledger/index.ts';
import type { TestDatabase } from './database.ts';
import { aConversion, anEnd, givenCurrency, givenRate } from './given-conversions.ts';
import { aRedemption, anAccrual, givenLedgerPartner, noon } from './given-points.ts';

const later = (hours: number) => new Date(noon.getTime() + hours * 3_600_000);

/**
 * A ledger in which everything has happened that can: points redeemed, held, captured, released, given,
 * taken back beyond what was there, owed and repaid, restored, converted, expired.
 *
 * @returns its members by what they are for
 */
export async function givenWholeLedger(test: TestDatabase) {
  const db = test.db('partners');
  const partnerId = await givenLedgerPartner(test);
  const causeId = randomUUID();
  await openCause(test.db('rewards-catalog'), causeId);
  const [holder, giver, taker, debtor, late] = [0, 0, 0, 0, 0].map(() => randomUUID()) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const earn = (memberId: string, points: bigint, expiresAt: Date | null = null) =>
    accruePoints(db, anAccrual({ memberId, issuerId: partnerId, points, expiresAt }));
  const redeem = (memberId: string, points: bigint) =>
    redeemPoints(db, aRedemption({ memberId, partnerId, points }));
  const command = (memberId: string) => ({ memberId, key: randomUUID(), at: noon });
  const movement = (memberId: string, kind: 'adjustment' | 'donation' | 'transfer' | 'hold') => ({
    ...command(memberId),
    source: { kind, id: randomUUID() },
    description: 'By the book',
  });
  const hold = async (points: bigint) => {
    const asked = { ...command(holder), points, partnerId, description: 'A room' };
    await holdPoints(db, { ...asked, expiresAt: later(48) });
    return asked.key;
  };

  await earn(holder, 500n);
  await earn(holder, 300n, later(24 * 400));
  await captureHold(db, { ...movement(holder, 'hold'), holdId: await hold(60n), points: 40n });
  await releaseHold(db, { ...command(holder), holdId: await hold(10n) });
  const activeHold = await hold(310n);

  await earn(giver, 200n, later(24 * 90));
  const given = await transferPoints(db, {
    ...movement(giver, 'transfer'),
    points: 70n,
    toMemberId: taker,
  });
  await donatePoints(db, { ...movement(giver, 'donation'), points: 5n, causeId });
  await adjustPoints(db, { ...movement(giver, 'adjustment'), points: -3n });
  const redeemed = await redeem(giver, 50n);
  await cancelRedemption(db, {
    ...movement(giver, 'adjustment'),
    transferId: redeemed.transferId,
    points: 20n,
  });

  const returned = await earn(debtor, 100n);
  await redeem(debtor, 80n);
  await reverseAccrual(db, {
    ...movement(debtor, 'adjustment'),
    accrualId: returned.transferId,
    clawback: 'DEBT',
    debtLimit: 70n,
    risk: 'SHARED',
  });
  await earn(debtor, 30n);

  const converter = await givenConverter(test, partnerId);

  await earn(late, 90n, later(2));
  await settleDue(test.db('worker'), 100, later(0.5));
  return {
    partnerId,
    causeId,
    holder,
    giver,
    taker,
    debtor,
    converter,
    late,
    activeHold,
    given: given.transferId,
    redeemed: redeemed.transferId,
    returned: returned.transferId,
    /** After which what `late` has is gone. */
    lateEndsAt: later(2),
  };
}

/** A member with conversions: one of each status, and one that nobody had to be asked about. */
async function givenConverter(test: TestDatabase, programId: string): Promise<string> {
  const memberId = randomUUID();
  const db = test.db('members');
  const to = await givenCurrency(test, programId);
  await givenRate(test, { from: sharedCurrency, to, programId });
  const earned = anAccrual({ memberId, issuerId: programId, points: 100n });
  await accruePoints(test.db('partners'), earned);
  const begin = async (points: bigint) => {
    const conversion = aConversion({ memberId, points, to });
    await beginConversion(db, conversion);
    return conversion;
  };
  await begin(40n);
  await beginConversion(db, aConversion({ memberId, points: 30n, to, timesOutAt: null }));
  await confirmConversion(db, anEnd(await begin(20n)));
  await reverseConversion(db, anEnd(await begin(10n)));
  return memberId;
}
