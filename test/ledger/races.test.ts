import { randomUUID } from 'node:crypto';
import { accruePoints, auditLedger, balancesOf, redeemPoints } from '../../ledger/index.ts';
import { transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { sequence } from '../support/random.ts';

/** `npm run test:nightly` asks for more. */
const rounds = Number(process.env['TEST_ROUNDS'] ?? 5);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const callsPerRound = 60;

describe(`accruals and redemptions that race (${rounds} rounds, TEST_SEED=${seed})`, () => {
  const test = useTestDatabase();

  it('lose nothing, double nothing and overdraw nobody, by the callers’ own account', async () => {
    const random = sequence(seed);
    const partnerId = await givenLedgerPartner(test);
    const members = Array.from({ length: 3 }, () => randomUUID());
    const acknowledged = new Map<string, { memberId: string; points: bigint }>();
    let refused = 0;

    for (let round = 0; round < rounds; round++) {
      // A third of the calls repeats the key of another of the round: only one of them may count.
      const keys = Array.from({ length: (callsPerRound * 2) / 3 }, () => ({
        key: randomUUID(),
        memberId: members[random(members.length)]!,
        points: BigInt(1 + random(100)),
        earns: random(2) === 0,
      }));
      const calls = Array.from({ length: callsPerRound }, (_, n) => keys[n % keys.length]!);
      await Promise.all(
        calls.map(async ({ key, memberId, points, earns }) => {
          const movement = {
            key,
            memberId,
            points,
            source: { kind: 'activity' as const, id: key },
          };
          try {
            await transaction(test.db('partners'), (tx) =>
              earns
                ? accruePoints(tx, anAccrual({ ...movement, issuerId: partnerId }))
                : redeemPoints(tx, aRedemption({ ...movement, partnerId })),
            );
            acknowledged.set(key, { memberId, points: earns ? points : -points });
          } catch (error) {
            if (!(error instanceof Refusal) || error.code !== 'INSUFFICIENT_POINTS') throw error;
            refused++;
          }
        }),
      );
    }

    const balances = await balancesOf(
      test.db('members'),
      members.map((memberId) => ({ memberId })),
      noon,
    );
    for (const { memberId, available } of balances) {
      const own = [...acknowledged.values()].filter((movement) => movement.memberId === memberId);
      expect(available).toBe(own.reduce((sum, { points }) => sum + points, 0n));
    }
    expect(refused).toBeGreaterThan(0);
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
