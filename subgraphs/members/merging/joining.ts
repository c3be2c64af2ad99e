import { randomUUID } from 'node:crypto';
import { mergePoints } from '../../../ledger/index.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { limits } from '../../../platform/limits.ts';
import { emit } from '../../../platform/outbox.ts';
import { Member } from '../membership/entities.ts';
import { placeMembers } from '../segments/placing.ts';
import { Merge, type Moved } from './entities.ts';

export const mergeDescription = 'Memberships joined';

/**
 * Lets a membership become part of another: points, history and links go over, and whatever names the
 * one finds the other. Both rows are locked.
 *
 * @throws Refusal CONFLICT a till holds points, or some are on their way to another program;
 *   LIMIT_REACHED the balance would be too large
 */
export async function join(
  tx: Database,
  from: Member,
  into: Member,
  { reason, at }: { reason: string; at: Date },
): Promise<Merge> {
  const id = randomUUID();
  await allowLonger(tx);
  await rows(tx, 'SELECT members.lock_standings($1)', [[from.id, into.id]]);
  const held = await rows<{ currency: string }>(
    tx,
    'SELECT currency FROM ledger.account WHERE member_id = $1 ORDER BY currency',
    [from.id],
  );
  const asked = held.map(({ currency }) => ({ currency, key: randomUUID(), intoId: into.id }));
  const hadAny = await mergePoints(
    tx,
    asked.map(({ currency, key }) => ({
      memberId: from.id,
      intoMemberId: into.id,
      currency,
      key,
      source: { kind: 'merge', id },
      description: mergeDescription,
      at,
    })),
  );
  // Where there was nothing, nothing moved: there is nothing to move back.
  const postings = asked.filter((_, index) => hadAny[index]);
  const merge = tx.create(Merge, {
    id,
    fromId: from.id,
    intoId: into.id,
    reason,
    fromStatus: from.status as Merge['fromStatus'],
    mergedAt: at,
    postings,
    moved: await moveRows(tx, from.id, into.id, at),
    undoneAt: null,
    gatheredAt: null,
    waitsFor: null,
  });
  await tx.insert(Merge, merge);
  await settleTiers(tx, into.id, at);
  await tx.update(Member, { id: from.id }, { status: 'CLOSED', mergedInto: into.id });
  // What leads to it leads on in one step.
  await tx.update(Member, { mergedInto: from.id }, { mergedInto: into.id });
  await placeMembers(tx, [from.id, into.id], at);
  await emit(tx, {
    type: 'member.merged',
    memberId: into.id,
    payload: { memberId: into.id, fromId: from.id },
    occurredAt: at,
  });
  return merge;
}

/** Gives the statements of a merge, or of taking one back, the time that many rows take. */
export async function allowLonger(tx: Database): Promise<void> {
  await rows(tx, `SELECT set_config('statement_timeout', $1, true)`, [
    String(limits.mergeStatementMs),
  ]);
}

async function moveRows(tx: Database, from: string, into: string, at: Date): Promise<Moved> {
  const [moved] = await rows<Moved>(
    tx,
    `WITH accounts AS (
       UPDATE members.partner_account SET member_id = $2 WHERE member_id = $1 RETURNING id
     ), identifiers AS (
       UPDATE members.identifier SET member_id = $2 WHERE member_id = $1 RETURNING id
     ), credits AS (
       UPDATE members.tier_credit SET member_id = $2 WHERE member_id = $1 RETURNING key
     ), shown AS (
       DELETE FROM members.wallet_token WHERE member_id = $1 AND used_at IS NULL
     ), trusted AS (
       -- What the other has decided about a partner stands.
       INSERT INTO members.consent (member_id, partner_id, scopes, version, granted_at)
       SELECT $2, partner_id, scopes, 1, $3 FROM members.consent
       WHERE member_id = $1 AND revoked_at IS NULL
       ON CONFLICT DO NOTHING RETURNING partner_id)
     SELECT ARRAY(SELECT id FROM accounts) AS accounts,
            ARRAY(SELECT id FROM identifiers) AS identifiers,
            ARRAY(SELECT key FROM credits) AS credits,
            ARRAY(SELECT partner_id FROM trusted) AS trusted,
            partners.move_member($1, $2) AS activities,
            rewards.move_member($1, $2) AS redemptions,
            community.move_member($1, $2) AS words`,
    [from, into, at],
  );
  return moved!;
}

/** Gives a member the tier that their qualifying points reach, now that there are more or fewer. */
export async function settleTiers(tx: Database, memberId: string, at: Date): Promise<void> {
  await rows(
    tx,
    `SELECT members.settle_tiers($1, $2)
     WHERE EXISTS (SELECT FROM members.tier WHERE rank = 0)`,
    [[memberId], at],
  );
}
