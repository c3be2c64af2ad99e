import { IsNull } from 'typeorm';
import { z } from 'zod';
import { tokenHash } from '../../../platform/codes.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { key, parseInput } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import type { Member } from '../membership/entities.ts';
import { type Household, HouseholdInvitation, HouseholdMember } from './entities.ts';
import type { Acting } from './households.ts';
import { requireRoom } from './invitations.ts';
import {
  type Seats,
  changeDay,
  lockActiveMember,
  lockHousehold,
  placeOf,
  requireFree,
} from './places.ts';

const acceptance = z.object({ invitation: key });

interface Joining extends Acting {
  limits: Seats;
}

/**
 * Takes the member into the household that invited their address: they share their points from then on,
 * and may join another in six months. In a business they spend only their own until its owner lets them.
 * The same invitation again, while they are in it, answers the same.
 *
 * @throws Refusal INVALID; MEMBER_INACTIVE; NOT_FOUND there is no such invitation, or it was used,
 *   withdrawn or followed by another; EXPIRED after 14 days; NOT_ALLOWED another address was invited, or
 *   the member is of the sandbox; VERIFICATION_REQUIRED the member's address is not verified; CONFLICT
 *   the member is in a household; LIMIT_REACHED they joined another less than six months ago (`retryAt`),
 *   or it is full (`limit`)
 */
export async function joinHousehold(
  db: Database,
  input: z.input<typeof acceptance>,
  { memberId, clock, limits }: Joining,
): Promise<Household> {
  const { invitation: token } = parseInput(acceptance, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const member = await lockActiveMember(tx, memberId);
    const invited = { tokenHash: tokenHash(token) };
    const named = await tx.findOneBy(HouseholdInvitation, invited);
    if (!named) throw noInvitation();
    const household = await lockHousehold(tx, named.householdId);
    const { id: householdId } = household;

    // As it is now that nobody else changes it.
    const invitation = await tx.findOneBy(HouseholdInvitation, invited);
    const place = await placeOf(tx, memberId);
    const isIn = place?.householdId === householdId;
    if (isIn && invitation?.acceptedBy === memberId) return household;
    if (!invitation || invitation.endedAt || household.endedAt) throw noInvitation();
    requireInvited(member, invitation, at);
    await requireFree(tx, memberId, householdId, at);
    await requireRoom(tx, household, 0, limits);

    await takeIn(tx, household, memberId, at);
    await tx.update(
      HouseholdInvitation,
      { id: invitation.id },
      { acceptedBy: memberId, endedAt: at },
    );
    await emit(tx, {
      type: 'household.joined',
      memberId,
      payload: { householdId, memberId },
      occurredAt: at,
    });
    return household;
  });
}

function noInvitation(): Refusal {
  return new Refusal('NOT_FOUND', 'There is no such invitation.', ['invitation']);
}

/** Lets in the owner of the address, as far as it is known to be theirs, in time. */
function requireInvited(member: Member, invitation: HouseholdInvitation, at: Date): void {
  if (invitation.emailKey !== member.emailKey) {
    throw new Refusal('NOT_ALLOWED', 'This invitation is for another address.', ['invitation']);
  }
  if (!member.emailVerifiedAt) {
    throw new Refusal('VERIFICATION_REQUIRED', 'Verify your e-mail address first.');
  }
  if (invitation.expiresAt <= at) {
    throw new Refusal('EXPIRED', 'The invitation was good for 14 days.', ['invitation']);
  }
}

/** Who comes back to a household has the place that they had, and to a business has to be let spend anew. */
async function takeIn(
  tx: Database,
  { id: householdId, kind }: Household,
  memberId: string,
  at: Date,
): Promise<void> {
  const mayChangeOn = await changeDay(tx, at);
  await tx.upsert(
    HouseholdMember,
    {
      householdId,
      memberId,
      joinedAt: at,
      mayChangeOn,
      sharesPoints: true,
      // Of a business, once its owner says so.
      maySpend: kind === 'FAMILY',
      spendingLimit: null,
      leftAt: null,
    },
    ['householdId', 'memberId'],
  );
  // From now on its maker has others' points to take elsewhere, as everyone in it.
  await tx.update(HouseholdMember, { householdId, mayChangeOn: IsNull() }, { mayChangeOn });
}
