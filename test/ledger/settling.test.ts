import { randomUUID } from 'node:crypto';
import {
  accruePoints,
  auditLedger,
  holdPoints,
  redeemPoints,
  reverseAccrual,
  settleDue,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { accountOf } from '../support/ledger-rows.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const day = (text: string) => new Date(`${text}T00:00:00Z`);
const settle = (at: string) => settleDue(test.db('worker'), 1_000, day(at));
let partnerId: string;

beforeAll(async () => {
  partnerId = await givenLedgerPartner(test);
  await rows(test.owner(), `UPDATE ledger.currency SET time_zone = 'UTC', hold_grace_days = 3`);
});

/** A member who owes 100, gets 60 on 10 March until the 20th, and 100 more until the 15th, of which 70
 * are held until the 25th. */
async function givenDue(): Promise<string> {
  const memberId = randomUUID();
  const earn = async (points: bigint, more: object) => {
    const accrual = anAccrual({ memberId, issuerId: partnerId, points, ...more });
    await accruePoints(db(), accrual);
    return accrual;
  };
  await earn(100n, { expiresAt: day('2026-03-15') });
  await holdPoints(db(), {
    memberId,
    key: randomUUID(),
    points: 70n,
    partnerId,
    description: 'Till 4',
    expiresAt: day('2026-03-25'),
    at: noon,
  });
  await earn(60n, { activatesAt: day('2026-03-10'), expiresAt: day('2026-03-20') });
  const returned = await earn(100n, { expiresAt: day('2026-03-02') });
  await redeemPoints(db(), aRedemption({ memberId, partnerId, points: 100n }));
  await reverseAccrual(db(), {
    memberId,
    key: randomUUID(),
    accrualId: returned.key,
    clawback: 'DEBT',
    risk: 'OPERATOR',
    source: returned.source,
    description: 'Returned',
    at: noon,
  });
  return memberId;
}

const happened = (memberId: string) =>
  rows(
    test.owner(),
    `SELECT kind, points, debt, effective_at AS "effectiveAt" FROM ledger.transfer
     WHERE member_id = $1 AND posted_at > $2 ORDER BY account_version`,
    [memberId, noon],
  );

describe('settleDue', () => {
  it('lets everything happen as of its own instant, however late it comes', async () => {
    const memberId = await givenDue();
    expect(await accountOf(test, memberId)).toEqual({ balance: 130n, held: 70n, debt: 70n });

    await settle('2026-05-01');

    expect(await happened(memberId)).toEqual([
      // Active for ten days, it pays what it can of the debt.
      { kind: 'REPAYMENT', points: -60n, debt: -60n, effectiveAt: day('2026-03-10') },
      // The hold's points have three days of grace; of those the first ten are owed.
      { kind: 'EXPIRY', points: -70n, debt: 0n, effectiveAt: day('2026-03-25') },
      { kind: 'REINSTATEMENT', points: 70n, debt: 0n, effectiveAt: day('2026-03-25') },
      { kind: 'REPAYMENT', points: -10n, debt: -10n, effectiveAt: day('2026-03-25') },
      { kind: 'EXPIRY', points: -60n, debt: 0n, effectiveAt: day('2026-03-29') },
    ]);
  });

  it('comes to the same every day and once', async () => {
    const [daily, once] = [await givenDue(), await givenDue()];
    for (let n = 1; n <= 31; n++) {
      const date = `2026-03-${String(n).padStart(2, '0')}`;
      await rows(
        test.owner(),
        `SELECT ledger.settle_account(a, $2) FROM ledger.account a WHERE member_id = $1`,
        [daily, day(date)],
      );
    }

    await settle('2026-04-01');

    expect(await happened(once)).toEqual(await happened(daily));
    expect(await accountOf(test, once)).toEqual({ balance: 0n, held: 0n, debt: 0n });
  });

  it('gives no grace to points that no hold has kept', async () => {
    const memberId = randomUUID();
    const accrual = { memberId, issuerId: partnerId, points: 100n, expiresAt: day('2026-03-15') };
    await accruePoints(db(), anAccrual(accrual));
    await holdPoints(db(), {
      memberId,
      key: randomUUID(),
      points: 70n,
      partnerId,
      description: 'Till 4',
      expiresAt: day('2026-03-15'),
      at: noon,
    });

    await settle('2026-03-15');

    expect(await happened(memberId)).toMatchObject([
      { kind: 'EXPIRY', points: -30n },
      { kind: 'EXPIRY', points: -70n },
      { kind: 'REINSTATEMENT', points: 70n },
    ]);
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 70n });
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
