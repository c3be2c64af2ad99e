import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { conditionField } from '../../../platform/conditions.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { code, parseInput, title } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Program } from '../program/entities.ts';
import { compileSegment } from './conditions.ts';
import { Segment } from './entities.ts';

/** Each member is asked about each: a round over all members takes as long. */
const segmentsMax = 100;
/** A count of fewer members than these would tell a partner of single ones. */
const tellingMin = 10;

const segmentInput = z.object({ code, name: title, when: conditionField(compileSegment) });

/**
 * Makes a segment, or changes the one of the code. A new condition is worked out for all members by the
 * worker, from its next look on; until it comes to a member, they stay where they were. The same again
 * changes nothing.
 *
 * @throws Refusal INVALID with the path of the field at fault, also where the condition does not parse
 *   or has other types; LIMIT_REACHED there are 100 segments
 */
export async function saveSegment(
  db: Database,
  input: z.input<typeof segmentInput>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Segment> {
  const { code: segmentCode, name, when } = parseInput(segmentInput, input);
  return transaction(db, async (tx) => {
    // Those who save segments wait for one another, so that there are never too many.
    await tx.find(Program, { lock: { mode: 'for_no_key_update' } });
    const before = await tx.findOneBy(Segment, { code: segmentCode });
    if (before?.name === name && before.condition === when) return before;
    if (before) await change(tx, before, { name, when });
    else await insert(tx, { code: segmentCode, name, when });
    await recordAct(tx, viewer, {
      action: 'saveSegment',
      subject: { type: 'Segment', id: segmentCode },
      ...(before && { before: { name: before.name, when: before.condition } }),
      after: { name, when },
      at: await clock.now(tx),
    });
    return tx.findOneByOrFail(Segment, { code: segmentCode });
  });
}

type Given = z.output<typeof segmentInput>;

async function insert(tx: Database, { code: segmentCode, name, when }: Given): Promise<void> {
  if ((await tx.count(Segment)) >= segmentsMax) {
    const limit = String(segmentsMax);
    throw new Refusal('LIMIT_REACHED', `A program has ${limit} segments at most.`, [], { limit });
  }
  await tx.insert(Segment, { code: segmentCode, name, condition: when, version: 1 });
}

async function change(
  tx: Database,
  { code: segmentCode, condition, version }: Segment,
  { name, when }: Omit<Given, 'code'>,
): Promise<void> {
  // What was found by another condition is no longer told, and the round begins again.
  const anew = { condition: when, version: version + 1, members: null, evaluatedAt: null };
  // Nothing else: the worker writes into the same row.
  await tx.update(Segment, { code: segmentCode }, { name, ...(when !== condition && anew) });
}

/** The program's segments, by their codes. */
export function listSegments(db: Database): Promise<Segment[]> {
  return db.find(Segment, { order: { code: 'ASC' } });
}

/** How many members a caller may know to be in a segment; null where that is not known. */
export function countFor(viewer: Viewer, { members }: Segment): number | null {
  // Live members are none of a test client's business.
  if (viewer.sandbox) return null;
  const isTelling = viewer.audience === 'PARTNER' && members !== null && members < tellingMin;
  return isTelling ? null : members;
}

/**
 * For a list of members: those in the segment :segment.
 *
 * @param member the alias of their table
 */
export function isInSegment(member: string): string {
  return `${member}.status <> 'CLOSED' AND EXISTS (
    SELECT FROM members.segment_member s WHERE s.member_id = ${member}.id AND s.segment = :segment)`;
}
