import { randomUUID } from 'node:crypto';
import { SetClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import type { RiskLimits } from '../../subgraphs/members/entities.ts';
import { setRiskLimits } from '../../subgraphs/members/risk/limits.ts';
import { transferPoints } from '../../subgraphs/members/transfers/transfers.ts';
import type { TestDatabase } from './database.ts';
import { givenMember } from './given-members.ts';
import { noon } from './given-points.ts';
import { adminViewer } from './subgraph.ts';

const dayMs = 86_400_000;

export const daysFrom = (days: number) => new Date(noon.getTime() + days * dayMs);

/** A member of 30 days, who earned the points then. @returns the id */
export const givenOldMember = (test: TestDatabase, points = 0n, days = 30) =>
  givenMember(test, points, randomUUID(), daysFrom(-days));

/** Limits of the program, as staff sets them. */
export async function givenLimits(
  test: TestDatabase,
  limits: Partial<Omit<RiskLimits, 'programId'>>,
): Promise<void> {
  const by = { viewer: adminViewer(['PROGRAM_MANAGE']), clock: new SetClock(noon) };
  await setRiskLimits(test.db('members'), limits, by);
}

/** A transfer at noon, without a second factor, with everything that the test does not care about. */
export function aTransfer(
  test: TestDatabase,
  from: string,
  to: string,
  {
    points = 100n,
    at = noon,
    steppedUpAt = null as Date | null,
    idempotencyKey = randomUUID() as string,
  } = {},
) {
  const input = { to: { id: to }, points, idempotencyKey };
  const giver = { memberId: from, steppedUpAt, clock: new SetClock(at) };
  return transferPoints(test.db('members'), input, giver);
}

/** What moved out of a member's account, by the ledger alone. */
export async function movedOut(
  test: TestDatabase,
  memberId: string,
): Promise<{ count: bigint; points: bigint }> {
  const [row] = await rows<{ count: bigint; points: bigint }>(
    test.owner(),
    `SELECT count(*) AS count, coalesce(-sum(points), 0)::bigint AS points FROM ledger.transfer
     WHERE member_id = $1 AND kind = 'TRANSFER_OUT'`,
    [memberId],
  );
  return row!;
}
