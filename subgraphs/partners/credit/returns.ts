import { Big } from 'big.js';
import { Any } from 'typeorm';
import { type Database, rows, toJson } from '../../../platform/database.ts';
import { worthOf } from './book.ts';
import { changeBlocks, lockCounters, saveCounters } from './counters.ts';
import { BlockUse, PointBlock } from './entities.ts';

/** Points of an activity that its partner has back. */
export interface Return {
  activityId: string;
  points: bigint;
}

/**
 * Gives points of activities back to the blocks that they were taken from, the last used first. What was
 * issued in the month stays issued. Called before the ledger is: counters are locked before accounts. In a
 * fixed number of statements, one of them where nothing was prepaid.
 */
export async function returnToBlocks(tx: Database, returns: readonly Return[]): Promise<void> {
  const left = new Map<string, bigint>();
  for (const { activityId, points } of returns) {
    left.set(activityId, (left.get(activityId) ?? 0n) + points);
  }
  const prepaid = await rows<{ partnerId: string }>(
    tx,
    `SELECT DISTINCT b.partner_id AS "partnerId"
     FROM partners.block_use u JOIN partners.point_block b ON b.id = u.block_id
     WHERE u.activity_id = ANY ($1::uuid[])`,
    [[...left.keys()]],
  );
  if (prepaid.length === 0) return;
  const partnerIds = prepaid.map(({ partnerId }) => partnerId);
  const counters = await lockCounters(tx, partnerIds);
  // Once they are locked nobody else changes what is left.
  const uses = await tx.findBy(BlockUse, { activityId: Any([...left.keys()]) });
  const blocks = await tx.find(PointBlock, {
    where: { id: Any(uses.map(({ blockId }) => blockId)) },
    order: { validFrom: 'DESC', soldAt: 'DESC', id: 'DESC' },
  });
  const changes: { activityId: string; blockId: string; points: bigint }[] = [];
  for (const block of blocks) {
    const counter = counters.get(block.partnerId)!;
    for (const { activityId, points: taken, returned } of usesOf(block, uses)) {
      const [due, rest] = [left.get(activityId)!, taken - returned];
      const points = due < rest ? due : rest;
      if (points === 0n) continue;
      left.set(activityId, due - points);
      changes.push({ activityId, blockId: block.id, points });
      const used = new Big(counter.used).minus(worthOf(points, block));
      // Of what was used before the last block was bought, nothing is counted any more.
      counter.used = used.lt(0) ? '0' : used.toFixed();
    }
  }
  await changeBlocks(tx, changes);
  await rows(
    tx,
    `UPDATE partners.block_use u SET returned = u.returned + n.points
     FROM jsonb_to_recordset($1) AS n ("activityId" uuid, "blockId" uuid, points bigint)
     WHERE (u.activity_id, u.block_id) = (n."activityId", n."blockId")`,
    [toJson(changes)],
  );
  await saveCounters(tx, counters.values());
}

function usesOf({ id }: PointBlock, uses: readonly BlockUse[]): BlockUse[] {
  return uses.filter(({ blockId }) => blockId === id);
}
