import { auditLedger, redeemPoints } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, givenLedgerPartner, givenPoints } from '../support/given-points.ts';

describe('auditLedger', () => {
  const test = useTestDatabase();

  // Each breaks the ledger as its owner, who alone can: the audit is of no use if it cannot see it.
  it.each([
    [
      'a balance that was raised',
      'UPDATE ledger.account SET balance = balance + 1',
      'balance equals movements',
    ],
    [
      'a balance without its lots',
      'UPDATE ledger.account SET balance = balance - 1',
      'balance equals open lots',
    ],
    [
      'a lot that was refilled',
      'UPDATE ledger.lot SET remaining = original',
      'a lot is what it was less its uses',
    ],
    [
      'a movement that was changed',
      'UPDATE ledger.transfer SET points = 101 WHERE points > 0',
      'balance after each movement',
    ],
    [
      'a movement that was deleted',
      'DELETE FROM ledger.transfer WHERE points > 0',
      'versions have no gap',
    ],
    ['a tail that was cut', 'DELETE FROM ledger.transfer WHERE points < 0', 'versions have no gap'],
    ['a debit without its lots', 'DELETE FROM ledger.lot_use', 'debits are covered by lots'],
  ])('finds %s', async (_, damage, invariant) => {
    const partnerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 100n, partnerId);
    await redeemPoints(
      test.db('rewards-catalog'),
      aRedemption({ memberId, partnerId, points: 40n }),
    );
    expect(await auditLedger(test.owner())).toEqual([]);

    await test.owner().transaction(async (tx) => {
      await rows(tx, damage);
      const faults = await auditLedger(tx);
      await rows(tx, 'ROLLBACK; BEGIN');

      expect(faults).toContainEqual({ invariant, memberId, currency: 'PTS' });
    });
  });
});
