import { addDays, startOfDay } from '../../../platform/calendar.ts';
import type { Database } from '../../../platform/database.ts';
import { badInput } from '../../../platform/errors.ts';
import { id, key, parseInput, requireOne } from '../../../platform/input.ts';
import { type Page, newestOf } from '../../../platform/paging.ts';
import { type Viewer, requirePartner } from '../../../platform/viewer.ts';
import { Activity } from './entities.ts';

/**
 * The activity with this id, or with this reference of the calling partner; null where the caller
 * has none.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one is given, or staff or a member gives a
 *   reference
 * @throws Refusal INVALID
 */
export async function findActivity(
  db: Database,
  by: { id?: string | null; reference?: string | null },
  viewer: Viewer,
): Promise<Activity | null> {
  requireOne(by, ['id', 'reference']);
  if (by.id != null) {
    return db.findOneBy(Activity, { id: parseInput(id, by.id, ['id']) });
  }
  if (viewer.audience !== 'PARTNER') throw badInput('A reference is the calling partner’s own.');
  const partnerId = requirePartner(viewer);
  const reference = parseInput(key, by.reference, ['reference']);
  return db.findOneBy(Activity, { partnerId, sandbox: viewer.sandbox, reference });
}

/** Which activities of an owner a list holds. What is null or left out does not narrow it. */
export interface ActivitySelection {
  kind?: Activity['kind'] | null;
  status?: ReturnType<typeof statusOf> | null;
  partnerId?: string | null;
  memberId?: string | null;
  /** Both days count, in the program's time zone. */
  period?: { from: string; to: string } | null;
}

export interface AskedActivities {
  selection: ActivitySelection;
  page: Page;
  timeZone: string;
  /** When it is asked: what waits until later is PENDING. */
  at: Date;
}

/** What waits for a day or for the partner, and what was waited for in vain, nobody has to say. */
export function statusOf(
  activity: Pick<Activity, 'status' | 'expectedBy' | 'confirmBy' | 'confirmedAt' | 'lapsedAt'>,
  at: Date,
): ActivityStatus {
  const { status, expectedBy, confirmBy, confirmedAt, lapsedAt } = activity;
  if (status === 'REFUNDED') return status;
  if (expectedBy && expectedBy > at) return 'PENDING';
  if (confirmBy && !confirmedAt) return confirmBy > at && !lapsedAt ? 'PENDING' : 'REJECTED';
  return status;
}

type ActivityStatus = Activity['status'] | 'PENDING' | 'REJECTED';

/** The same, in a statement whose $13 is the instant. */
const statusInSql = `CASE WHEN one.status = 'REFUNDED' THEN one.status
  WHEN one.expected_by > $13 THEN 'PENDING'
  WHEN one.confirm_by IS NOT NULL AND one.confirmed_at IS NULL
    THEN CASE WHEN one.confirm_by > $13 AND one.lapsed_at IS NULL THEN 'PENDING' ELSE 'REJECTED' END
  ELSE one.status END`;

/**
 * The activities of these partners or members that the viewer may see, of each the last to have
 * happened first. One statement, however many owners.
 *
 * @param page its keys are occurredAt and id
 * @returns of each owner at most one row more than the page has
 */
export function activitiesOf(
  db: Database,
  owner: 'partner_id' | 'member_id',
  ownerIds: readonly string[],
  { selection, page, timeZone, at }: AskedActivities,
  viewer: Viewer,
): Promise<Activity[]> {
  const { kind, status, partnerId, memberId, period } = selection;
  const caller = viewer.audience === 'PARTNER' ? viewer : null;
  return newestOf(db, Activity, {
    owner,
    ownerIds,
    page,
    by: 'occurred_at',
    where: `($5::uuid IS NULL OR one.partner_id = $5) AND ($6::boolean IS NULL OR one.sandbox = $6)
         AND ($7::uuid IS NULL OR one.partner_id = $7) AND ($8::uuid IS NULL OR one.member_id = $8)
         AND ($9::text IS NULL OR one.kind = $9) AND ($10::text IS NULL
              OR ${statusInSql} = $10)
         AND ($11::timestamptz IS NULL OR one.occurred_at >= $11)
         AND ($12::timestamptz IS NULL OR one.occurred_at < $12)`,
    values: [
      caller?.partnerId ?? null,
      caller?.sandbox ?? null,
      partnerId ?? null,
      memberId ?? null,
      kind ?? null,
      status ?? null,
      period ? startOfDay(period.from, timeZone) : null,
      period ? startOfDay(addDays(period.to, 1), timeZone) : null,
      at,
    ],
  });
}
