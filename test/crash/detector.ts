import { type Database, rows } from '../../platform/database.ts';
import type { Line } from './load.ts';

/** A difference between a client's list and the database. */
export interface Difference {
  /**
   * - lost: answered, and not there;
   * - changed: there with another id or other points than were answered, or than were earned;
   * - unmoved: there, and its points were not moved, or not as many;
   * - doubled: its points were moved more than once;
   * - untold: not told of in one event;
   * - stranger: there, though no client has sent it.
   */
  kind: 'lost' | 'changed' | 'unmoved' | 'doubled' | 'untold' | 'stranger';
  key: string;
}

interface Row {
  key: string;
  id: string;
  kind: Line['kind'];
  points: number;
  /** How often its points were moved, how many in all, and how many events tell of it. */
  moves: number;
  moved: number;
  events: number;
}

/**
 * Compares what clients were answered with what is in the tables, both ways. A ledger that is in
 * balance proves none of this.
 *
 * @param run what all keys of the list begin with
 */
export async function differences(
  owner: Database,
  list: ReadonlyMap<string, Line>,
  run: string,
): Promise<Difference[]> {
  const there = await rowsOf(owner, run);
  const byKey = new Map(there.map((row) => [row.key, row]));
  const lost = [...list].flatMap(([key, { answer }]) =>
    answer && !byKey.has(key) ? [{ kind: 'lost' as const, key }] : [],
  );
  return [...lost, ...there.flatMap((row) => faultsOf(row, list.get(row.key)))];
}

function faultsOf(row: Row, line: Line | undefined): Difference[] {
  const { key, id, kind, points, moves, moved, events } = row;
  const answer = line?.answer ?? { id, points };
  const faults: [Difference['kind'], boolean][] = [
    ['stranger', line?.kind !== kind],
    ['changed', answer.id !== id || answer.points !== points || line?.points !== points],
    ['doubled', moves > 1],
    ['unmoved', moves === 0 || (moves === 1 && moved !== (kind === 'activity' ? points : -points))],
    ['untold', events !== 1],
  ];
  return faults.filter(([, isSo]) => isSo).map(([fault]) => ({ kind: fault, key }));
}

function rowsOf(owner: Database, run: string): Promise<Row[]> {
  return rows<Row>(
    owner,
    `WITH row AS (
       SELECT reference AS key, id, 'activity' AS kind, points, 'activityId' AS field
       FROM partners.activity
       UNION ALL
       SELECT idempotency_key, id, 'redemption', points, 'redemptionId' FROM rewards.redemption
     ), move AS (
       SELECT id, count(*) AS moves, sum(t.points) FILTER (WHERE source_kind = row.kind) AS moved
       FROM row JOIN ledger.transfer t ON source_id = id GROUP BY id
     ), told AS (
       SELECT field, (payload ->> field)::uuid AS id, count(*) AS events
       FROM platform.outbox, (VALUES ('activityId'), ('redemptionId')) AS known (field)
       GROUP BY 1, 2
     )
     SELECT key, id, kind, points::int, coalesce(moves, 0)::int AS moves,
            coalesce(moved, 0)::int AS moved, coalesce(events, 0)::int AS events
     FROM row LEFT JOIN move USING (id) LEFT JOIN told USING (id, field)
     WHERE starts_with(key, $1 || '-')`,
    [run],
  );
}
