/** Who may spend what a business has together. */
import { z } from 'zod';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput, points } from '../../../platform/input.ts';
import { type Household, HouseholdMember } from './entities.ts';
import type { Acting } from './households.ts';
import { lockOwnHousehold } from './places.ts';

const permission = z
  .object({ memberId: id, maySpend: z.boolean(), monthlyLimit: points.nullish() })
  .refine(({ maySpend, monthlyLimit }) => maySpend || monthlyLimit == null, {
    path: ['monthlyLimit'],
    error: 'is for who may spend',
  });

/**
 * Lets one of a business spend the others' points, up to a limit of each month, or not any more, from the
 * next spending on: one that is under way is waited for. It gives the owner no say over anybody's own
 * points. The same again changes nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND the caller is in no household, or the member is not in it; NOT_ALLOWED
 *   the caller does not own it, names themselves, or it is a family's, where everybody may
 */
export async function setHouseholdSpending(
  db: Database,
  input: z.input<typeof permission>,
  { memberId: ownerId }: Pick<Acting, 'memberId'>,
): Promise<Household> {
  const { memberId, maySpend, monthlyLimit } = parseInput(permission, input);
  return transaction(db, async (tx) => {
    const household = await lockOwnHousehold(tx, ownerId);
    const { id: householdId, kind } = household;
    if (kind !== 'BUSINESS') {
      throw new Refusal('NOT_ALLOWED', 'In a family everybody who shares may spend.');
    }
    if (memberId === ownerId) {
      throw new Refusal('NOT_ALLOWED', 'The owner may always spend.', ['memberId']);
    }
    const place = await tx.findOneBy(HouseholdMember, { householdId, memberId });
    if (!place || place.leftAt) {
      throw new Refusal('NOT_FOUND', 'This member is not in the household.', ['memberId']);
    }
    const changes = { maySpend, spendingLimit: monthlyLimit ?? null };
    await tx.update(HouseholdMember, { householdId, memberId }, changes);
    return household;
  });
}
