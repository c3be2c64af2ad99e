import { addDays, startOfDay } from '../../platform/calendar.ts';
import { type Database, columnsOf, rows } from '../../platform/database.ts';
import { badInput } from '../../platform/errors.ts';
import { id, key, parseInput } from '../../platform/input.ts';
import type { Page } from '../../platform/paging.ts';
import { type Viewer, requirePartner } from '../../platform/viewer.ts';
import { Activity } from './entities.ts';

/**
 * The activity with this id, or with this reference of the calling partner; null where the caller
 * has none.
 *
 * @throws GraphQLError BAD_USER_INPUT where not exactly one is given
 */
export async function findActivity(
  db: Database,
  by: { id?: string | null | undefined; reference?: string | null | undefined },
  viewer: Viewer,
): Promise<Activity | null> {
  if ((by.id == null) === (by.reference == null)) {
    throw badInput('Exactly one of id and reference is given.');
  }
  if (by.id != null) {
    const found = await db.findOneBy(Activity, { id: parseInput(id, by.id, ['id']) });
    return found && meets(viewer, found) ? found : null;
  }
  if (viewer.audience !== 'PARTNER') throw badInput('A reference is the calling partner’s own.');
  const partnerId = requirePartner(viewer);
  const reference = parseInput(key, by.reference, ['reference']);
  return db.findOneBy(Activity, { partnerId, sandbox: viewer.sandbox, reference });
}

/** Test clients never see what live ones recorded, nor live ones what test clients did. */
export function meets(viewer: Viewer, activity: Activity): boolean {
  return viewer.audience !== 'PARTNER' || activity.sandbox === viewer.sandbox;
}

/** Which activities of an owner a list holds. What is null or left out does not narrow it. */
export interface ActivitySelection {
  kind?: Activity['kind'] | null | undefined;
  status?: Activity['status'] | null | undefined;
  partnerId?: string | null | undefined;
  memberId?: string | null | undefined;
  /** Both days count, in the program's time zone. */
  period?: { from: string; to: string } | null | undefined;
}

export interface AskedActivities {
  selection: ActivitySelection;
  page: Page;
  timeZone: string;
}

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
  { selection, page, timeZone }: AskedActivities,
  viewer: Viewer,
): Promise<Activity[]> {
  const { kind, status, partnerId, memberId, period } = selection;
  const isPartner = viewer.audience === 'PARTNER';
  return rows(
    db,
    `SELECT ${columnsOf(db, Activity, 'listed')}
     FROM unnest($1::uuid[]) AS owner (id) CROSS JOIN LATERAL (
       SELECT a.* FROM partners.activity a
       WHERE a.${owner} = owner.id
         AND ($2::uuid IS NULL OR a.partner_id = $2) AND ($3::boolean IS NULL OR a.sandbox = $3)
         AND ($4::uuid IS NULL OR a.partner_id = $4) AND ($5::uuid IS NULL OR a.member_id = $5)
         AND ($6::text IS NULL OR a.kind = $6) AND ($7::text IS NULL OR a.status = $7)
         AND ($8::timestamptz IS NULL OR a.occurred_at >= $8)
         AND ($9::timestamptz IS NULL OR a.occurred_at < $9)
         AND ($10::timestamptz IS NULL OR (a.occurred_at, a.id) < ($10, $11::uuid))
       ORDER BY a.occurred_at DESC, a.id DESC
       LIMIT $12) AS listed`,
    [
      ownerIds,
      isPartner ? viewer.partnerId : null,
      isPartner ? viewer.sandbox : null,
      partnerId ?? null,
      memberId ?? null,
      kind ?? null,
      status ?? null,
      period ? startOfDay(period.from, timeZone) : null,
      period ? startOfDay(addDays(period.to, 1), timeZone) : null,
      page.after?.[0] ?? null,
      page.after?.[1] ?? null,
      page.first + 1,
    ],
  );
}
