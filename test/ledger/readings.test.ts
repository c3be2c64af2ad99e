import {
  type ReadAs,
  auditLedger,
  balancesOf,
  expiringOf,
  lifetimeEarnedOf,
  settleDue,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { LedgerHistory } from '../support/ledger-history.ts';
import { sequence } from '../support/random.ts';

/** `npm run test:nightly` asks for more. */
const rounds = Math.min(200, Number(process.env['TEST_ROUNDS'] ?? 5));
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const stepsPerRound = 30;

/** When points end, one after the other by rounds. */
const policies = [
  `expiry = 'NEVER', hold_grace_days = 4, restore = 'WITH_GRACE', restore_grace_days = 3`,
  `expiry = 'LOT_AGE', expiry_months = 0, restore = 'EXPIRED'`,
  `expiry = 'LOT_AGE', expiry_months = 0, hold_grace_days = 2, restore = 'NEW_LOT'`,
  `expiry = 'INACTIVITY', expiry_months = 0, hold_grace_days = 0, restore_grace_days = 9`,
  `expiry = 'INACTIVITY', expiry_months = 0, hold_grace_days = 5, restore = 'NEW_LOT'`,
];

describe(`what is read of histories by chance (${rounds} rounds, TEST_SEED=${seed})`, () => {
  const test = useTestDatabase();

  async function read({ memberIds, currency, now }: LedgerHistory, as: ReadAs = {}) {
    const db = test.db('members');
    const accounts = memberIds.map((memberId) => ({ memberId, currency }));
    return {
      balances: await balancesOf(db, accounts, now, as),
      expiring: await expiringOf(db, accounts, 40, now, as),
      earned: await lifetimeEarnedOf(db, accounts, now, as),
    };
  }

  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'is the same before and after somebody sees to what is due, and when it is asked for later: %s',
    async (round) => {
      const isDatedBack = Math.floor(round / policies.length) % 2 === 1;
      const history = await LedgerHistory.begin(test, {
        random: sequence(seed + round),
        policy: policies[round % policies.length]!,
        isDatedBack,
      });
      const told: { at: Date; reading: Awaited<ReturnType<typeof read>> }[] = [];

      for (let step = 0; step < stepsPerRound; step++) {
        history.passTime();
        await history.act(test.db('partners'));
        history.passTime();
        const reading = await read(history);
        told.push({ at: history.now, reading });
        if (step % 3 > 0) continue;
        await settleDue(test.db('worker'), 1_000, history.now);
        expect(await read(history)).toEqual(reading);
        expect(storedOf(reading)).toEqual(await accountsOf(history));
      }

      history.now = new Date(history.now.getTime() + 100 * 86_400_000);
      for (const { at, reading } of told) {
        const as = isDatedBack ? [{ knownAt: at }] : [{ knownAt: at }, { asOf: at }];
        for (const each of as) {
          expect([each, unopened(await read(history, each))]).toEqual([each, unopened(reading)]);
        }
      }
    },
    120_000,
  );

  it('leaves the ledger sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  /**
   * What the accounts hold by their own row, in the order of members; without those that a merge of nothing
   * has opened.
   */
  function accountsOf({ currency }: LedgerHistory) {
    return rows<{ balance: bigint; held: bigint; debt: bigint }>(
      test.owner(),
      `SELECT balance, held, debt FROM ledger.account
       WHERE currency = $1 AND version > 0 ORDER BY member_id`,
      [currency],
    );
  }
});

/** What that must be, by a reading. */
function storedOf({ balances }: { balances: Awaited<ReturnType<typeof balancesOf>> }) {
  return balances
    .filter(({ opened }) => opened)
    .map(({ available, pending, held, debt, byIssuer }) => {
      expect(byIssuer.reduce((sum, { points }) => sum + points, 0n)).toBe(available);
      return { balance: available + pending + held, held, debt };
    });
}

/** Whether there is an account is no matter of when it is asked. */
function unopened<Reading extends { balances: object[] }>(reading: Reading) {
  return { ...reading, balances: reading.balances.map((each) => ({ ...each, opened: true })) };
}
