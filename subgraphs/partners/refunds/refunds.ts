import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { claimKey, hashOf, repeated } from '../../../platform/idempotency.ts';
import { eachOnce, id, key, money, note, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Activity } from '../activities/entities.ts';
import { statusOf } from '../activities/lists.ts';
import { lockEarning } from '../earning/usage.ts';
import { Overtaken } from '../overtaken.ts';
import { Refund } from './entities.ts';
import { TakeBack, untilStill } from './postings.ts';
import { type Returned, shareOf } from './shares.ts';

/** More than nothing, and without the zeros that say nothing: the same amount is the same input. */
export const returnedMoney = money
  .refine(({ amount }) => /[1-9]/.test(amount), { path: ['amount'], error: 'must be more than 0' })
  .transform(({ amount, currency }) => ({ amount: new Big(amount).toFixed(), currency }));

const refundInput = z
  .object({
    activityId: id.nullish(),
    reference: key.nullish(),
    amount: returnedMoney.nullish(),
    items: z
      .array(z.object({ line: key, quantity: z.int().min(1).max(1_000_000) }))
      .min(1, 'must not be empty')
      .max(200, 'holds 200 items at most')
      .superRefine(eachOnce(({ line }) => line, ['line']))
      .nullish(),
    refundReference: key,
    reason: note.nullish(),
  })
  .refine(({ activityId, reference }) => (activityId == null) !== (reference == null), {
    path: ['activityId'],
    error: 'or reference is needed, and not both',
  })
  .refine(({ amount, items }) => amount == null || items == null, {
    path: ['items'],
    error: 'are not for a refund of an amount',
  });

type RefundInput = z.output<typeof refundInput>;

/**
 * Takes back what an activity earned for as much of it as was returned: an amount, units of its items, or all
 * that is left. The points go back in the ledger's order; what is spent already becomes a debt, as far as
 * the program allows, and the rest is borne by whom the contract of the day names. The same
 * `refundReference` again gives the activity as it stands by now, and takes nothing.
 *
 * @throws Refusal INVALID, with the rest as limit where more is returned than is left; NOT_FOUND the
 *   partner has no such activity; ALREADY_REVERSED nothing of it is left; IDEMPOTENCY_MISMATCH the
 *   reference is another refund's; IN_PROGRESS
 */
export async function refundActivity(
  db: Database,
  input: z.input<typeof refundInput>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Activity> {
  const request = parseInput(refundInput, input);
  return untilStill(db, async (tx) => {
    const activity = await findOwn(tx, request, viewer);
    const { partnerId, sandbox } = activity;
    // However it is named, it is the same refund.
    const { activityId: _, reference: __, refundReference: reference, ...what } = request;
    const inputHash = hashOf({ activityId: activity.id, ...what });
    const unique = { partnerId, sandbox, reference };
    const first = await tx.findOneBy(Refund, unique);
    const again = (refund: Refund) => repeated(refund, inputHash, ['refundReference']) && activity;
    if (first) return again(first);

    const at = await clock.now(tx);
    requireLeft(activity, at);
    const share = shareOf(activity, returnedIn(request, activity));
    const id = randomUUID();
    const refund: Refund = { id, ...unique, inputHash, occurredAt: at, postedAt: at };
    const claim = { unique: keyColumns, path: ['refundReference'] };
    if (!(await claimKey(tx, Refund, refund, claim))) {
      return again(await tx.findOneByOrFail(Refund, unique));
    }
    const takeBack = new TakeBack();
    takeBack.add(refund, activity, share);
    await takeBack.post(tx);
    await recordAct(tx, viewer, {
      action: 'refundActivity',
      subject: { type: 'Member', id: activity.memberId },
      reason: request.reason ?? null,
      after: {
        activity: activity.id,
        refund: reference,
        amount: share.amount.toFixed(),
        points: share.points,
      },
      at,
    });
    return activity;
  });
}

/** The reference is the key of repetition. */
export const keyColumns: (keyof Refund)[] = ['partnerId', 'sandbox', 'reference'];

/**
 * The activity, locked with all that its member earns there.
 *
 * @throws Refusal NOT_FOUND; INVALID a reference of staff, who have none
 * @throws Overtaken
 */
async function findOwn(
  tx: Database,
  { activityId, reference }: Pick<RefundInput, 'activityId' | 'reference'>,
  viewer: Viewer,
): Promise<Activity> {
  const path = [activityId == null ? 'reference' : 'activityId'];
  if (activityId == null && viewer.audience !== 'PARTNER') {
    throw new Refusal('INVALID', 'reference: is the calling partner’s own.', path);
  }
  const { partnerId, sandbox } = viewer;
  return lockActivity(
    tx,
    {
      ...(activityId == null ? { reference: reference! } : { id: activityId }),
      ...(viewer.audience === 'PARTNER' && { partnerId: partnerId!, sandbox }),
    },
    path,
  );
}

/**
 * Reads an activity once what its member earns there is locked: who refunds, confirms or records takes
 * turns.
 *
 * @throws Refusal NOT_FOUND
 * @throws Overtaken
 */
export async function lockActivity(
  tx: Database,
  by: { id?: string; partnerId?: string; sandbox?: boolean; reference?: string },
  path: string[],
): Promise<Activity> {
  const unlocked = await tx.findOneBy(Activity, by);
  if (!unlocked) throw new Refusal('NOT_FOUND', 'There is no such activity.', path);
  await lockEarning(tx, [unlocked]);
  const activity = await tx.findOneByOrFail(Activity, { id: unlocked.id });
  if (activity.memberId !== unlocked.memberId) throw new Overtaken();
  return activity;
}

/** @throws Refusal ALREADY_REVERSED */
function requireLeft(activity: Activity, at: Date): void {
  const status = statusOf(activity, at);
  if (status === 'REFUNDED') {
    throw new Refusal('ALREADY_REVERSED', 'All of this activity has been refunded.');
  }
  if (status === 'REJECTED') {
    throw new Refusal('ALREADY_REVERSED', 'It was not confirmed in time: its points are gone.');
  }
}

/** @throws Refusal INVALID another currency than the activity's, or an amount of what has none */
function returnedIn({ amount, items }: RefundInput, { currency }: Activity): Returned {
  if (items) return { items };
  if (!amount) return 'REST';
  if (currency === null) {
    throw new Refusal('INVALID', 'amount: Nothing was paid: only all of it can be refunded.', [
      'amount',
    ]);
  }
  if (amount.currency === currency) return amount;
  throw new Refusal('INVALID', `amount.currency: The activity is in ${currency}.`, [
    'amount',
    'currency',
  ]);
}
