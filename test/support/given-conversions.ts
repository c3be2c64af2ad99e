import { randomUUID } from 'node:crypto';
import {
  type BeginConversion,
  type EndConversion,
  type Rate,
  accruePoints,
  addRate,
  saveLedgerCurrency,
} from '../../ledger/index.ts';
import type { TestDatabase } from './database.ts';
import { anAccrual, givenLedgerPartner, noon } from './given-points.ts';

/** A currency of a partner's own. @returns its code */
export async function givenCurrency(
  test: TestDatabase,
  issuer: string,
  kind: 'SPENDABLE' | 'QUALIFYING' = 'SPENDABLE',
): Promise<string> {
  const code = `C${randomUUID().slice(0, 8).toUpperCase()}`;
  await saveLedgerCurrency(test.db('members'), { code, name: 'Miles', kind, issuer });
  return code;
}

/** A rate of 1 to 1, since long ago, with everything that the test does not care about. */
export async function givenRate(
  test: TestDatabase,
  rate: Pick<Rate, 'from' | 'to'> & Partial<Rate>,
): Promise<Rate> {
  const whole: Rate = {
    rateId: randomUUID(),
    programId: rate.programId ?? (await givenLedgerPartner(test)),
    fromBlock: 1n,
    toBlock: 1n,
    validFrom: new Date('2020-01-01T00:00:00Z'),
    validUntil: null,
    ...rate,
  };
  await addRate(test.db('partners'), whole);
  return whole;
}

/** Gives a member points of a currency, of a lot with an end of its own. */
export async function give(
  test: TestDatabase,
  lot: { memberId: string; currency: string; points: bigint; expiresAt?: Date | null },
): Promise<void> {
  const accrual = { expiresAt: null, ...lot, issuerId: await givenLedgerPartner(test) };
  await accruePoints(test.db('partners'), anAccrual(accrual));
}

/** A conversion with everything that the test does not care about: it has three days. */
export function aConversion(
  conversion: Pick<BeginConversion, 'memberId' | 'points' | 'to'> & Partial<BeginConversion>,
): BeginConversion {
  const key = randomUUID();
  return {
    key,
    source: { kind: 'conversion', id: key },
    description: 'To the airline',
    at: noon,
    timesOutAt: new Date(noon.getTime() + 3 * 86_400_000),
    ...conversion,
  };
}

/** What ends a conversion, with everything that the test does not care about. */
export function anEnd(
  { memberId, currency, key, at }: BeginConversion,
  end: Partial<EndConversion> = {},
): EndConversion {
  return {
    memberId,
    key: randomUUID(),
    ...(currency && { currency }),
    conversionId: key,
    source: { kind: 'conversion', id: key },
    description: 'From the program',
    at,
    ...end,
  };
}
