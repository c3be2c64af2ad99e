/** Who is in which household, and when they may change: what the rules of this room share. */
import { IsNull } from 'typeorm';
import { type Database, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Limits } from '../../../platform/limits.ts';
import type { Member } from '../membership/entities.ts';
import { lockActive } from '../membership/members.ts';
import { Household, HouseholdMember } from './entities.ts';

/** How large households may be. */
export type Seats = Pick<Limits, 'householdMembers' | 'businessMembers'>;

/**
 * The member who acts, whose own places nobody else changes meanwhile. Taken before any household, by
 * all callers.
 *
 * @throws Refusal MEMBER_INACTIVE; NOT_ALLOWED for a member of the sandbox
 */
export async function lockActiveMember(tx: Database, memberId: string): Promise<Member> {
  const member = await lockActive(tx, memberId);
  if (member.sandbox) throw new Refusal('NOT_ALLOWED', 'A test account cannot do this.');
  return member;
}

/** Where the member is now; null for nowhere. */
export function placeOf(db: Database, memberId: string): Promise<HouseholdMember | null> {
  return db.findOneBy(HouseholdMember, { memberId, leftAt: IsNull() });
}

/** Locks a household: until the transaction ends nobody joins, leaves, or spends its points. */
export function lockHousehold(tx: Database, id: string): Promise<Household> {
  return tx.findOneOrFail(Household, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

/**
 * Locks the household that the member is in.
 *
 * @returns null where they are in none, or left it while it was waited for
 */
export async function lockHouseholdOf(
  tx: Database,
  memberId: string,
): Promise<{ household: Household; place: HouseholdMember } | null> {
  const found = await placeOf(tx, memberId);
  if (!found) return null;
  const household = await lockHousehold(tx, found.householdId);
  const place = await placeOf(tx, memberId);
  return place?.householdId === household.id ? { household, place } : null;
}

/**
 * Locks the household that the member owns.
 *
 * @throws Refusal NOT_FOUND the member is in none; NOT_ALLOWED another owns it
 */
export async function lockOwnHousehold(tx: Database, memberId: string): Promise<Household> {
  const found = await lockHouseholdOf(tx, memberId);
  if (!found) throw notInAny();
  if (found.household.ownerId !== memberId) {
    throw new Refusal('NOT_ALLOWED', 'Only the owner of the household can do this.');
  }
  return found.household;
}

export function notInAny(): Refusal {
  return new Refusal('NOT_FOUND', 'You are in no household.');
}

/** Who is in the household now, the first to join first. */
export function placesIn(db: Database, householdId: string): Promise<HouseholdMember[]> {
  return db.find(HouseholdMember, {
    where: { householdId, leftAt: IsNull() },
    order: { joinedAt: 'ASC', memberId: 'ASC' },
  });
}

const lockMonths = 6;

/** Who may have it after its owner: of a business who may spend, before the others. */
export function heirOf(places: readonly HouseholdMember[]): HouseholdMember | undefined {
  return places.find(({ maySpend }) => maySpend) ?? places[0];
}

/** How many it may have, invited ones included. */
export function seatsOf({ kind }: Pick<Household, 'kind'>, limits: Seats): number {
  return kind === 'BUSINESS' ? limits.businessMembers : limits.householdMembers;
}

/** The day from which one who joins at the instant may join another, by the program's time zone. */
export async function changeDay(db: Database, at: Date): Promise<string> {
  const [row] = await rows<{ day: string }>(
    db,
    `SELECT (($1::timestamptz AT TIME ZONE time_zone)::date + make_interval(months => $2))::date::text AS day
     FROM members.program`,
    [at, lockMonths],
  );
  return row!.day;
}

/**
 * Lets a member join a household who is in none, and is not kept from changing by an earlier one.
 * To come back to the same household is no change.
 *
 * @param householdId null for a new one
 * @throws Refusal CONFLICT they are in one, which is the `subject`; LIMIT_REACHED they joined another
 *   too short a time ago, with the instant from which they may
 */
export async function requireFree(
  tx: Database,
  memberId: string,
  householdId: string | null,
  at: Date,
): Promise<void> {
  const place = await placeOf(tx, memberId);
  if (place) {
    throw new Refusal('CONFLICT', 'You are in a household: leave it first.', [], {
      subject: place.householdId,
    });
  }
  const [row] = await rows<{ retryAt: Date | null }>(
    tx,
    `SELECT max(may_change_on)::timestamp AT TIME ZONE time_zone AS "retryAt"
     FROM members.program LEFT JOIN members.household_member
       ON member_id = $1 AND household_id IS DISTINCT FROM $2
       AND may_change_on > ($3::timestamptz AT TIME ZONE time_zone)::date
     GROUP BY time_zone`,
    [memberId, householdId, at],
  );
  const { retryAt } = row!;
  if (!retryAt) return;
  throw new Refusal('LIMIT_REACHED', 'You joined another household less than six months ago.', [], {
    retryAt,
  });
}
