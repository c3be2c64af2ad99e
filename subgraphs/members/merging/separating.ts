import { randomUUID } from 'node:crypto';
import { In } from 'typeorm';
import { unmergePoints } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { emit } from '../../../platform/outbox.ts';
import { Member } from '../membership/entities.ts';
import { DataExport } from '../privacy/entities.ts';
import { placeMembers } from '../segments/placing.ts';
import { Merge } from './entities.ts';
import { allowLonger, mergeDescription, settleTiers } from './joining.ts';

interface Apart {
  from: Member;
  into: Member;
  at: Date;
}

/** Undoes what `join` did, as far as it is still there. All three rows are locked. */
export async function separate(
  tx: Database,
  merge: Merge,
  { from, into, at }: Apart,
): Promise<void> {
  await allowLonger(tx);
  await rows(tx, 'SELECT members.lock_standings($1)', [[from.id, into.id]]);
  await unmergePoints(
    tx,
    merge.postings.map(({ currency, key, intoId }) => ({
      memberId: intoId,
      toMemberId: from.id,
      mergeKey: key,
      currency,
      key: randomUUID(),
      source: { kind: 'merge', id: merge.id },
      description: mergeDescription,
      at,
    })),
  );
  await giveRowsBack(tx, merge, at);
  // A document of both would tell each of the other.
  await tx.delete(DataExport, { memberId: In([from.id, into.id]) });
  // A tier that the other has reached by it stays to its end.
  await settleTiers(tx, from.id, at);
  await tx.update(Merge, { id: merge.id }, { undoneAt: at });
  await tx.update(Member, { id: from.id }, { mergedInto: null, status: merge.fromStatus });
  // What had been merged into it before leads to it again, however many steps away.
  await rows(
    tx,
    `WITH RECURSIVE before AS (
       SELECT from_id FROM members.merge WHERE into_id = $1 AND undone_at IS NULL
       UNION
       SELECT g.from_id FROM members.merge g JOIN before b ON g.into_id = b.from_id
       WHERE g.undone_at IS NULL)
     UPDATE members.member SET merged_into = $1 WHERE id IN (SELECT from_id FROM before)`,
    [from.id],
  );
  await placeMembers(tx, [from.id, into.id], at);
  await emit(tx, {
    type: 'member.separated',
    memberId: into.id,
    payload: { memberId: into.id, fromId: from.id },
    occurredAt: at,
  });
}

/** Rows that have gone elsewhere in the meantime stay where they are. */
async function giveRowsBack(
  tx: Database,
  { fromId, intoId, moved }: Merge,
  at: Date,
): Promise<void> {
  await rows(
    tx,
    `WITH accounts AS (
       UPDATE members.partner_account SET member_id = $1 WHERE member_id = $2 AND id = ANY ($3)
     ), identifiers AS (
       UPDATE members.identifier SET member_id = $1 WHERE member_id = $2 AND id = ANY ($4)
     ), credits AS (
       -- Those of what was confirmed or returned since, too.
       UPDATE members.tier_credit SET member_id = $1
       WHERE member_id = $2 AND key = ANY ($10::uuid[] || $7::uuid[] || partners.returns_of($7))
     ), trusted AS (
       -- What the member has decided since stands.
       UPDATE members.consent SET revoked_at = $6, version = version + 1
       WHERE member_id = $2 AND partner_id = ANY ($5) AND version = 1 AND revoked_at IS NULL)
     SELECT partners.move_member($2, $1, $7), rewards.move_member($2, $1, $8),
            community.move_member($2, $1, $9)`,
    [
      fromId,
      intoId,
      moved.accounts,
      moved.identifiers,
      moved.trusted,
      at,
      moved.activities,
      moved.redemptions,
      moved.words,
      moved.credits,
    ],
  );
}
