import { In } from 'typeorm';
import { type Database, rows } from '../../../platform/database.ts';
import { limits } from '../../../platform/limits.ts';
import type { Source } from '../../../platform/watches.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Activity } from './entities.ts';

/** How far the events were read. */
interface Read {
  /** The last number that was looked at. */
  last: bigint;
  /**
   * Numbers up to it that were not there: of transactions that were under way, or were undone; each with
   * the transaction from which on none can have it.
   */
  missing: { number: bigint; until: bigint }[];
}

interface Found {
  last: bigint;
  missing: string[];
  /** No transaction below is under way, and those from here on had not begun. */
  oldest: bigint;
  next: bigint;
  events: { activityId: string }[];
}

/** Whose activities they are: a partner's, in one half of the world. */
export function followedKey({ partnerId, sandbox }: Pick<Viewer, 'partnerId' | 'sandbox'>): string {
  return `${partnerId} ${sandbox}`;
}

/**
 * Activities, by partner, as they are posted and as they are refunded. What is told is what the outbox has
 * been told: its events are numbered as they are written, and come to be seen as their transactions end. A
 * number that is not there yet is looked for until its transaction has ended.
 */
export const followedActivities: Source<Activity, Read> = {
  name: 'activities',
  async look(db, keys, before) {
    const partnerIds = [...new Set(keys.map((key) => key.split(' ')[0]!))];
    const found = await readEvents(db, partnerIds, before);
    const ids = found.events.map(({ activityId }) => activityId);
    const read = ids.length > 0 ? await db.findBy(Activity, { id: In(ids) }) : [];
    const activities = new Map(read.map((row) => [row.id, row]));
    return {
      events: ids.flatMap((id) => {
        const row = activities.get(id);
        return row ? [{ key: followedKey(row), row }] : [];
      }),
      state: { last: found.last, missing: stillMissing(found, before) },
    };
  },
};

/** Those that may still come. One whose transaction has ended and that is not there was undone. */
function stillMissing({ missing, oldest, next }: Found, before: Read | null): Read['missing'] {
  const known = new Map(before?.missing.map(({ number, until }) => [number, until]));
  return missing
    .map((text) => BigInt(text))
    .map((number) => ({ number, until: known.get(number) ?? next }))
    .filter(({ until }) => until > oldest);
}

async function readEvents(db: Database, partnerIds: string[], before: Read | null): Promise<Found> {
  const [found] = await rows<Found>(
    db,
    `SELECT last_number AS last, missing, oldest, next, events
     FROM partners.activity_events($1, $2, $3, $4)`,
    [
      before?.last ?? null,
      before?.missing.map(({ number }) => number) ?? [],
      partnerIds,
      limits.watchedRows,
    ],
  );
  return found!;
}
