import { randomUUID } from 'node:crypto';
import { type Accrual, type RedeemPoints, accruePoints, openPartner } from '../../ledger/index.ts';
import type { TestDatabase } from './database.ts';

/** The instant at which tests of the ledger post where they do not say otherwise. */
export const noon = new Date('2026-03-01T12:00:00Z');

/** A partner that the ledger knows. @returns its id */
export async function givenLedgerPartner(test: TestDatabase): Promise<string> {
  const partnerId = randomUUID();
  await openPartner(test.db('partners'), partnerId);
  return partnerId;
}

/** An accrual with everything that the test does not care about. */
export function anAccrual(
  accrual: Pick<Accrual, 'memberId' | 'issuerId' | 'points'> & Partial<Accrual>,
): Accrual {
  return {
    key: randomUUID(),
    issuePrice: '0.0120',
    source: { kind: 'activity', id: randomUUID() },
    description: 'Purchase',
    effectiveAt: noon,
    at: noon,
    ...accrual,
  };
}

/** A redemption with everything that the test does not care about. */
export function aRedemption(
  redemption: Pick<RedeemPoints, 'memberId' | 'partnerId' | 'points'> & Partial<RedeemPoints>,
): RedeemPoints {
  return {
    key: randomUUID(),
    source: { kind: 'redemption', id: randomUUID() },
    description: 'Reward',
    effectiveAt: noon,
    at: noon,
    ...redemption,
  };
}

/** A member of the ledger with one lot of points. @returns the member's id */
export async function givenPoints(
  test: TestDatabase,
  points: bigint,
  issuerId: string,
): Promise<string> {
  const memberId = randomUUID();
  await accruePoints(test.db('partners'), anAccrual({ memberId, issuerId, points }));
  return memberId;
}
