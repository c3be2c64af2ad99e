import { randomUUID } from 'node:crypto';
import { SetClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import { configureProgram } from '../../subgraphs/members/program/configuration.ts';
import { type Standing, standingsOf } from '../../subgraphs/members/tiers/standings.ts';
import { qualify } from '../../subgraphs/partners/activities/members.ts';
import type { TestDatabase } from './database.ts';
import { adminViewer } from './subgraph.ts';

type Policy = NonNullable<Parameters<typeof configureProgram>[1]['tierPolicy']>;

/** Four tiers, as most tests want them: at 0, 1,000, 2,000 and 5,000. */
export const fourTiers = { BASE: 0n, SILVER: 1_000n, GOLD: 2_000n, PLATINUM: 5_000n };

/** The program's tiers by their thresholds, and its policy: calendar years and soft landing where left out. */
export async function givenTiers(
  test: TestDatabase,
  thresholds: Record<string, bigint> = fourTiers,
  policy: Partial<Policy> = {},
): Promise<void> {
  const tiers = Object.entries(thresholds).map(([code, threshold]) => ({
    code,
    name: code,
    threshold,
    earnMultiplier: '1',
    benefits: [],
  }));
  await configureProgram(
    test.db('members'),
    { tiers, tierPolicy: { period: 'CALENDAR_YEAR', downgrade: 'ONE_STEP', ...policy } },
    { viewer: adminViewer(), clock: new SetClock(new Date()) },
  );
}

/** Qualifying points that an activity of some time earned, posted then or later. @returns its id */
export async function givenQualifying(
  test: TestDatabase,
  memberId: string,
  points: bigint,
  { occurredAt, postedAt = occurredAt }: { occurredAt: Date; postedAt?: Date },
): Promise<string> {
  const id = randomUUID();
  await qualify(test.db('partners'), [{ id, memberId, points, occurredAt, postedAt }]);
  return id;
}

/** Where a member stands at an instant. */
export async function standingAt(
  test: TestDatabase,
  memberId: string,
  at: Date,
): Promise<Standing> {
  return (await standingsOf(test.db('members'), [memberId], at))[0]!;
}

/** What was told of a member's tiers, in the order of telling: "BASE → SILVER". */
export async function tierNewsOf(test: TestDatabase, memberId: string): Promise<string[]> {
  const told = await rows<{ from: string | null; to: string }>(
    test.owner(),
    `SELECT payload ->> 'from' AS from, payload ->> 'to' AS to FROM platform.outbox
     WHERE type = 'tier.changed' AND member_id = $1 ORDER BY sequence`,
    [memberId],
  );
  return told.map(({ from, to }) => `${from} → ${to}`);
}
