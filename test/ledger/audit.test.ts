import { randomUUID } from 'node:crypto';
import { accruePoints, activatePoints, auditLedger, settleDue } from '../../ledger/index.ts';
import {
  type AuditedInvariant,
  type LedgerFault,
  auditInvariants,
} from '../../ledger/audit/index.ts';
import { type Database, rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenAct, givenRolledUp, givenSealed } from '../support/given-closed.ts';
import { givenWholeLedger } from '../support/given-ledger.ts';
import { anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { rolledBack } from '../support/rolled-back.ts';

describe('auditLedger', () => {
  const test = useTestDatabase();
  let whole: Awaited<ReturnType<typeof givenWholeLedger>>;
  const about = new Map<string, AuditedInvariant['of']>();

  beforeAll(async () => {
    whole = await givenWholeLedger(test);
    await givenAct(test);
    await settleDue(test.db('worker'), 100, whole.lateEndsAt);
    const issuerId = await givenLedgerPartner(test);
    const memberId = randomUUID();
    const waiting = anAccrual({ memberId, issuerId, points: 9n, activatesAt: 'onAction' });
    await accruePoints(test.db('partners'), waiting);
    await givenRolledUp(test);
    // Of which the sums have not heard yet.
    await activatePoints(test.db('partners'), {
      memberId,
      key: randomUUID(),
      accrualId: waiting.key,
      at: noon,
    });
    await rows(test.db('worker'), 'SELECT ledger.close_months($1)', [
      new Date('2026-05-02T00:00Z'),
    ]);
    await givenSealed(test);
    for await (const { invariant, of } of auditInvariants(test.owner())) about.set(invariant, of);
  });

  it('finds nothing in a ledger in which everything has happened', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  // Each breaks the ledger as its owner, who alone can, and who puts the rest right as far as one
  // statement goes: the audit is of no use if it cannot see it.
  it.each([
    [
      'a balance that was raised',
      set('account', 'balance = balance + 1'),
      'balance equals movements',
    ],
    ['a debt that was forgiven', set('account', 'debt = 0', 'debt > 0'), 'debt equals movements'],
    [
      'an account that says more than its last movement',
      set('account', 'balance = balance + 1'),
      'account is what its last movement left',
    ],
    [
      'an account that has forgotten a movement',
      set('account', 'version = version - 1'),
      'version counts the movements',
    ],
    [
      'a balance without its lots',
      set('lot', 'remaining = remaining - 1', 'remaining > held'),
      'balance equals open lots',
    ],
    ['held points of no lot', set('lot', 'held = 0'), 'held points equal held lots'],
    ['held points of no hold', set('account', 'held = 0'), 'held points equal active holds'],
    [
      'a hold that was ended beside the books',
      set('hold', `status = 'RELEASED', ended_at = placed_at`, `status = 'ACTIVE'`),
      'a lot keeps what active holds were given',
    ],
    [
      'a hold of more than its lots gave',
      set('hold_lot', 'points = points - 1', 'points > 1'),
      'a hold is given its points in lots',
    ],
    [
      'a lot that was refilled',
      set('lot', 'remaining = original'),
      'a lot is what it was less its uses',
    ],
    [
      'a movement that was changed',
      set('transfer', 'points = points + 1', `kind = 'ACCRUAL'`),
      'balance after each movement',
    ],
    [
      'a debt that was changed',
      set('transfer', 'debt = debt - 1', `kind = 'REVERSAL' AND debt > 1`),
      'debt after each movement',
    ],
    [
      'a movement that was deleted',
      `DELETE FROM ledger.transfer WHERE account_version = 1`,
      'versions have no gap',
    ],
    [
      'a movement that was posted before the one that it follows',
      set('transfer', `posted_at = posted_at - interval '1 hour'`, 'account_version > 1'),
      'posting never goes back',
    ],
    [
      'a tail that was cut',
      `DELETE FROM ledger.transfer t USING ledger.account a
       WHERE a.member_id = t.member_id AND a.version = t.account_version AND t.account_version > 1`,
      'account is what its last movement left',
    ],
    [
      'a debit without its lots',
      `DELETE FROM ledger.lot_use WHERE points > 0`,
      'a movement equals its lots',
    ],
    [
      'a movement that is there twice',
      `INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
         balance_after, counter_account, effective_at, posted_at, description)
       SELECT member_id, transfer_id, currency, 99, kind, points, balance_after, counter_account,
         effective_at, posted_at + interval '1 second', description
       FROM ledger.transfer WHERE kind = 'EXPIRY'`,
      'a movement is there once',
    ],
    [
      'a lot from nowhere',
      `INSERT INTO ledger.lot (member_id, lot_id, transfer_id, currency, issue_price, original, remaining,
         activates_at)
       SELECT member_id, gen_random_uuid(), gen_random_uuid(), currency, 0, 1, 1, activates_at
       FROM ledger.lot LIMIT 1`,
      'lots and their uses have a movement',
    ],
    [
      'a capture of more than was redeemed',
      set('hold', 'captured = captured + 1', 'captured > 0'),
      'a capture is one redemption',
    ],
    [
      'a release that was redeemed all the same',
      `UPDATE ledger.transfer t SET hold_id = h.hold_id FROM ledger.hold h
       WHERE h.status = 'RELEASED' AND t.kind = 'REDEMPTION' AND t.hold_id IS NOT NULL`,
      'a capture is one redemption',
    ],
    [
      'a conversion of more than was debited',
      set('conversion', 'moved = moved + 1'),
      'a conversion is debited once, and whole',
    ],
    [
      'a conversion that took what was redeemed',
      set('transfer', `kind = 'REDEMPTION'`, `kind = 'CONVERSION' AND points < 0`),
      'a conversion is debited once, and whole',
    ],
    [
      'a conversion of which not all came back',
      `UPDATE ledger.transfer t SET points = points - 1 FROM ledger.conversion c
       WHERE t.member_id = c.member_id AND t.reverses = c.conversion_id`,
      'a conversion is given back whole where it was reversed',
    ],
    [
      'a conversion that came back and goes on',
      set('conversion', `status = 'PENDING', ended_at = NULL`, `status = 'REVERSED'`),
      'a conversion is given back whole where it was reversed',
    ],
    [
      'a conversion of which more arrived',
      set('transfer', 'points = points + 1', `kind = 'CONVERSION' AND points > 0`),
      'a conversion is credited where it was confirmed',
    ],
    [
      'a conversion that never arrived',
      `DELETE FROM ledger.transfer WHERE kind = 'CONVERSION' AND points > 0`,
      'a conversion is credited where it was confirmed',
    ],
    [
      'a conversion that is gone',
      `DELETE FROM ledger.conversion WHERE status = 'PENDING'`,
      'movements of conversions have one',
    ],
    [
      'points that arrived of no conversion',
      set('conversion', 'transfer_id = NULL'),
      'movements of conversions have one',
    ],
    [
      'an accrual of which too much was taken back',
      set('transfer', 'points = 1', `kind = 'ACCRUAL' AND points = 100`),
      'no more is taken back than there was',
    ],
    [
      'a redemption of which too much was given back',
      set('transfer', 'points = -1', `kind = 'REDEMPTION' AND points = -50`),
      'no more is taken back than there was',
    ],
    [
      'a transfer that only one of two has',
      `DELETE FROM ledger.transfer WHERE kind = 'TRANSFER_IN'`,
      'what one member gives another one gets',
    ],
    [
      'points that the other member got more of',
      set('transfer', 'points = points + 1', `kind = 'TRANSFER_IN'`),
      'what one member gives another one gets',
    ],
    ['a movement of no account', `DELETE FROM ledger.account`, 'movements have what they refer to'],
    [
      'a counter account that is gone',
      `DELETE FROM ledger.counter_account WHERE kind = 'CAUSE'`,
      'movements have what they refer to',
    ],
    [
      'a reversal of nothing',
      set('transfer', 'reverses = gen_random_uuid()', 'reverses IS NOT NULL'),
      'movements go back to what is there',
    ],
    [
      'a part of nothing',
      set('transfer', 'part_of = gen_random_uuid()', 'part_of IS NOT NULL'),
      'movements go back to what is there',
    ],
    [
      'a lot that goes on from none',
      set('lot', 'origin_lot = gen_random_uuid()'),
      'lots have what they refer to',
    ],
    ['a use of no lot', `DELETE FROM ledger.lot`, 'lots have what they refer to'],
    ['lots of no hold', `DELETE FROM ledger.hold`, 'holds have what they refer to'],
    [
      'an account in no currency',
      `UPDATE ledger.currency SET code = 'OLD' WHERE code = 'PTS'`,
      'accounts have a currency',
    ],
    [
      'a key without its movement',
      set('idempotency', 'key = gen_random_uuid()', 'result IS NULL'),
      'keys lead to their movement',
    ],
    [
      'points that come from nowhere',
      `UPDATE ledger.account SET balance = balance + 1;
       UPDATE ledger.transfer t SET points = points + 1, balance_after = balance_after + 1,
         counter_account = NULL
       WHERE kind = 'ACCRUAL'`,
      'each movement has its other side',
    ],
    [
      'members who have more than the other sides gave',
      set('account', 'balance = balance + 1'),
      'entries are balanced',
    ],
    [
      'a roll-up that was changed',
      set('counter_rollup', 'points = points - 1'),
      'roll-ups equal their movements',
    ],
    [
      'a roll-up that was deleted',
      `DELETE FROM ledger.counter_rollup`,
      'roll-ups equal their movements',
    ],
    [
      'an issuer with more points than its lots have',
      set('issuer_rollup', 'points = points + 1'),
      'sums by issuer equal what their lots changed by',
    ],
    [
      'an issuer whose points are in no sum',
      `DELETE FROM ledger.issuer_rollup`,
      'sums by issuer equal what their lots changed by',
    ],
    [
      'an hour in which more points came to wait',
      set('pending_rollup', 'points = points + 1'),
      'sums of what waits equal what their lots say',
    ],
    [
      'an hour in which points came to wait, and in no sum',
      `DELETE FROM ledger.pending_rollup`,
      'sums of what waits equal what their lots say',
    ],
    [
      'a month in which a member earned more',
      set('member_month', 'earned = earned + 1'),
      'months of members equal their movements',
    ],
    [
      'a month in which a member was not seen',
      `DELETE FROM ledger.member_month`,
      'months of members equal their movements',
    ],
    [
      'a month whose points were redeemed once more',
      set('cohort_rollup', 'redeemed = redeemed + 1'),
      'cohorts equal their movements',
    ],
    [
      'a month that was closed without its points',
      `DELETE FROM ledger.cohort_rollup`,
      'cohorts equal their movements',
    ],
    [
      'points that could be spent beside a debt',
      `UPDATE ledger.account SET debt = 1 WHERE debt = 0 AND balance > 0`,
      'debt is repaid before points are spent',
    ],
    [
      'a movement of a transaction to come',
      set('transfer', 'xact = 9000000000000000', `kind = 'EXPIRY'`),
      'movements are of transactions that were',
    ],
    [
      'an opening that nothing leads to',
      `INSERT INTO ledger.opening
       SELECT member_id, currency, 1, 7, 0, posted_at FROM ledger.account LIMIT 1`,
      'openings equal what was set apart',
    ],
    [
      'a description that was rewritten',
      set('transfer', `description = 'Never you mind'`, `kind = 'DONATION'`),
      'what was sealed is unchanged',
    ],
    [
      'a seal that was taken out',
      `INSERT INTO ledger.seal SELECT number + 2, from_xact, to_xact, movements, acts, hash, hash, sealed_at
       FROM ledger.seal`,
      'seals follow each other',
    ],
    [
      'an act that says another reason',
      `UPDATE platform.audit_event SET reason = 'Never you mind'`,
      'acts say what they said',
    ],
    [
      'an act of somebody else',
      `UPDATE platform.audit_event SET actor = 'nobody'`,
      'what was sealed is unchanged',
    ],
  ])('finds %s', async (_, damage, invariant) => {
    const faults = await faultsAfter(damage, { of: [about.get(invariant)!] });

    expect(faults.map((fault) => fault.invariant)).toContain(invariant);
    const named = faults.find((fault) => fault.invariant === invariant)!;
    expect(named.detail).toMatch(/\w/);
    expect(named.memberId ?? named.id ?? named.currency).toBeTruthy();
  });

  it('names what is wrong, and tells of as many faults as it is asked for', async () => {
    const faults = await faultsAfter(
      `UPDATE ledger.account SET balance = 1 WHERE member_id = '${whole.late}'`,
    );

    expect(faults).toContainEqual({
      invariant: 'balance equals open lots',
      memberId: whole.late,
      currency: 'PTS',
      id: null,
      detail: 'the balance is 1, its lots have 0',
    });
    const every = await faultsAfter(set('account', 'balance = balance + 1'), { faultsMax: 2 });
    expect(every.filter((fault) => fault.invariant === 'balance equals open lots')).toHaveLength(2);
  });

  async function faultsAfter(
    damage: string,
    options?: Parameters<typeof auditLedger>[1],
  ): Promise<LedgerFault[]> {
    const damaged = async (tx: Database) => {
      await rows(tx, bareTables);
      await rows(tx, damage);
      return auditLedger(tx, options);
    };
    return rolledBack(test.owner(), damaged);
  }
});

/** Takes away what would refuse the damage, or put it right. */
const bareTables = `
  SET LOCAL session_replication_role = replica;
  ALTER TABLE ledger.account DROP CONSTRAINT account_held_ck;
  ALTER TABLE ledger.lot DROP CONSTRAINT lot_held_ck;
  ALTER TABLE ledger.hold DROP CONSTRAINT hold_status_captured_ck;
  ALTER TABLE ledger.transfer DROP CONSTRAINT transfer_counter_account_ck;`;

function set(table: string, columns: string, where = 'true'): string {
  return `UPDATE ledger.${table} SET ${columns} WHERE ${where}`;
}
