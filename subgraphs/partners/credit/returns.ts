import { Big } from 'big.js';
import { Any } from 'typeorm';
import type { Database } from '../../../platform/database.ts';
import { rows, toJson } from '../../../platform/database.ts';
import { Activity } from '../activities/entities.ts';
import { Contract } from '../contracts/entities.ts';
import { worthOf } from './book.ts';
import { changeBlocks, lockCounters, saveCounters } from './counters.ts';
import { costOf } from './counting.ts';
import { BlockUse, CreditCounter, PointBlock } from './entities.ts';

/** Points of an activity that its partner has back. */
export interface Return {
  activityId: string;
  points: bigint;
}

/**
 * Gives points of activities back to the blocks that they were taken from, the last used first, and takes
 * what they cost off what is owed. What was issued in the month stays issued. Called before the ledger is:
 * counters are locked before accounts. In a fixed number of statements.
 */
export async function giveBack(tx: Database, returns: readonly Return[]): Promise<void> {
  const wanted = new Map<string, bigint>();
  for (const { activityId, points } of returns) {
    wanted.set(activityId, (wanted.get(activityId) ?? 0n) + points);
  }
  const activities = await tx.findBy(Activity, { id: Any([...wanted.keys()]), sandbox: false });
  const partnerIds = [...new Set(activities.map(({ partnerId }) => partnerId))];
  // Who has no counter has neither used a block nor a sum that is to be kept.
  const counted = await tx.findBy(CreditCounter, { partnerId: Any(partnerIds) });
  if (counted.length === 0) return;
  const counters = await lockCounters(
    tx,
    counted.map(({ partnerId }) => partnerId),
  );
  await returnToBlocks(tx, wanted, counters);
  await takeOffOwed(tx, wanted, { activities, counters });
  await saveCounters(tx, counters.values());
}

type Counters = ReadonlyMap<string, CreditCounter>;

async function returnToBlocks(
  tx: Database,
  wanted: ReadonlyMap<string, bigint>,
  counters: Counters,
): Promise<void> {
  const uses = await tx.findBy(BlockUse, { activityId: Any([...wanted.keys()]) });
  if (uses.length === 0) return;
  const blocks = await tx.find(PointBlock, {
    where: { id: Any(uses.map(({ blockId }) => blockId)) },
    order: { validFrom: 'DESC', soldAt: 'DESC', id: 'DESC' },
  });
  const left = new Map(wanted);
  const changes: { activityId: string; blockId: string; points: bigint }[] = [];
  for (const block of blocks) {
    for (const { activityId, blockId, points: taken, returned } of uses) {
      if (blockId !== block.id) continue;
      const rest = taken - returned;
      const due = left.get(activityId)!;
      const points = due < rest ? due : rest;
      if (points === 0n) continue;
      left.set(activityId, due - points);
      changes.push({ activityId, blockId, points });
      const counter = counters.get(block.partnerId)!;
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
}

async function takeOffOwed(
  tx: Database,
  wanted: ReadonlyMap<string, bigint>,
  { activities, counters }: { activities: readonly Activity[]; counters: Counters },
): Promise<void> {
  const contracts = await tx.findBy(Contract, { partnerId: Any([...counters.keys()]) });
  for (const activity of activities) {
    const { partnerId, contractVersion, issuePrice } = activity;
    const counter = counters.get(partnerId);
    const contract = contracts.find(
      (each) => each.partnerId === partnerId && each.version === contractVersion,
    )!;
    if (!counter || counter.owed === null || contract.billing === 'PREPAID') continue;
    if (counter.currency !== contract.currency) continue;
    const cost = costOf(contract, { issuePrice, points: wanted.get(activity.id)! });
    counter.owed = new Big(counter.owed).minus(cost).toFixed();
  }
}
