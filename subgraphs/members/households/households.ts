import { randomUUID } from 'node:crypto';
import { IsNull } from 'typeorm';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput, title } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import { Household, HouseholdInvitation, HouseholdMember } from './entities.ts';
import {
  heirOf,
  lockActiveMember,
  lockHouseholdOf,
  lockOwnHousehold,
  notInAny,
  placesIn,
  requireFree,
} from './places.ts';

/** The member who acts. */
export interface Acting {
  memberId: string;
  clock: Clock;
}

const newHousehold = z.object({
  name: title,
  kind: z
    .enum(['FAMILY', 'BUSINESS'])
    .nullish()
    .transform((kind) => kind ?? 'FAMILY'),
});

/**
 * Makes a household of the member alone, who owns it and shares their points.
 *
 * @throws Refusal INVALID the name is no title; MEMBER_INACTIVE; NOT_ALLOWED to a member of the sandbox;
 *   CONFLICT the member is in one, which is the `subject`; LIMIT_REACHED the member joined another less
 *   than six months ago, with `retryAt`
 */
export async function createHousehold(
  db: Database,
  input: z.input<typeof newHousehold>,
  { memberId, clock }: Acting,
): Promise<Household> {
  const request = parseInput(newHousehold, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    await lockActiveMember(tx, memberId);
    await requireFree(tx, memberId, null, at);
    const household = tx.create(Household, {
      ...request,
      id: randomUUID(),
      ownerId: memberId,
      createdAt: at,
      endedAt: null,
    });
    await tx.insert(Household, household);
    await tx.insert(HouseholdMember, {
      householdId: household.id,
      memberId,
      joinedAt: at,
      // Alone, the member has nobody's points to take elsewhere.
      mayChangeOn: null,
      sharesPoints: true,
      maySpend: true,
      spendingLimit: null,
      leftAt: null,
    });
    return household;
  });
}

/**
 * Takes the member out of their household, with their own points, whatever the owner thinks of it.
 * Where the owner leaves, it is whoever joined first of those who stay and may spend, or else of those who
 * stay; where the last one does, it ends. Harmless for who is in none.
 */
export async function leaveHousehold(db: Database, { memberId, clock }: Acting): Promise<null> {
  return transaction(db, async (tx) => {
    const found = await lockHouseholdOf(tx, memberId);
    if (found) await takeOut(tx, found.household, memberId, await clock.now(tx));
    return null;
  });
}

const removal = z.object({ memberId: id });

/**
 * Takes another member out of the owner's household: they keep all points of their own. One who has
 * left already is left alone.
 *
 * @throws Refusal INVALID `memberId` is no id; NOT_FOUND the caller is in no household, or the member
 *   was never in it; NOT_ALLOWED the caller does not own it, or names themselves
 */
export async function removeFromHousehold(
  db: Database,
  input: z.input<typeof removal>,
  { memberId: ownerId, clock }: Acting,
): Promise<Household> {
  const { memberId } = parseInput(removal, input);
  return transaction(db, async (tx) => {
    const household = await lockOwnHousehold(tx, ownerId);
    if (memberId === ownerId) {
      throw new Refusal('NOT_ALLOWED', 'To go yourself, leave the household.', ['memberId']);
    }
    const place = await tx.findOneBy(HouseholdMember, { householdId: household.id, memberId });
    if (!place) {
      throw new Refusal('NOT_FOUND', 'This member is not in the household.', ['memberId']);
    }
    if (!place.leftAt) await takeOut(tx, household, memberId, await clock.now(tx));
    return household;
  });
}

/** @param household locked; the member is in it */
async function takeOut(
  tx: Database,
  { id: householdId, ownerId }: Household,
  memberId: string,
  at: Date,
): Promise<void> {
  await tx.update(HouseholdMember, { householdId, memberId }, { leftAt: at });
  const next = heirOf(await placesIn(tx, householdId));
  if (!next) {
    await tx.update(Household, { id: householdId }, { endedAt: at });
    await tx.update(HouseholdInvitation, { householdId, endedAt: IsNull() }, { endedAt: at });
  } else if (ownerId === memberId) {
    const heir = { householdId, memberId: next.memberId };
    await tx.update(Household, { id: householdId }, { ownerId: next.memberId });
    await tx.update(HouseholdMember, heir, { maySpend: true, spendingLimit: null });
  }
  await emit(tx, {
    type: 'household.left',
    memberId,
    payload: { householdId, memberId },
    occurredAt: at,
  });
}

/**
 * Lets the others spend the member's points and the member theirs, or neither, from the next spending
 * on: one that is under way is waited for.
 *
 * @throws Refusal NOT_FOUND the member is in no household
 */
export async function setHouseholdSharing(
  db: Database,
  { share }: { share: boolean },
  { memberId }: Pick<Acting, 'memberId'>,
): Promise<Household> {
  return transaction(db, async (tx) => {
    const found = await lockHouseholdOf(tx, memberId);
    if (!found) throw notInAny();
    const { household } = found;
    await tx.update(
      HouseholdMember,
      { householdId: household.id, memberId },
      { sharesPoints: share },
    );
    return household;
  });
}
