import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { hashOf, repeated } from '../../../platform/idempotency.ts';
import { id, key, money, parseInput, points } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Partner } from '../brands/entities.ts';
import { lockPartner, requireNotTerminated } from '../brands/partners.ts';
import { Contract } from '../contracts/entities.ts';
import { lockCounters, saveCounters } from './counters.ts';
import { PointBlock } from './entities.ts';

const sale = z.object({
  partnerId: id,
  points,
  price: money,
  validFrom: z.iso
    .date('is no day')
    .refine((day) => day >= '1970-01-01', 'must be in 1970 or later'),
  idempotencyKey: key,
});

export type SellPoints = z.input<typeof sale>;

/**
 * Sells a partner a block of points, which what it issues is taken from. Calling again with the same key
 * sells nothing more.
 *
 * @throws Refusal INVALID also for a price in another currency than the contract's; NOT_FOUND; NOT_ALLOWED
 *   no contract that is valid then, or later, is PREPAID, or the partner is gone; IDEMPOTENCY_MISMATCH
 */
export async function sellPoints(
  db: Database,
  input: SellPoints,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Partner> {
  const asked = parseInput(sale, input);
  const { partnerId, idempotencyKey, price, validFrom } = asked;
  const inputHash = hashOf(asked);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['partnerId']);
    const first = await tx.findOneBy(PointBlock, { partnerId, idempotencyKey });
    if (first) {
      repeated(first, inputHash);
      return partner;
    }
    requireNotTerminated(partner);
    await requireCurrency(tx, { partnerId, day: validFrom, currency: price.currency });
    const at = await clock.now(tx);
    const block = tx.create(PointBlock, {
      id: randomUUID(),
      partnerId,
      validFrom,
      bought: asked.points,
      remaining: asked.points,
      price: price.amount,
      currency: price.currency,
      idempotencyKey,
      inputHash,
      soldAt: at,
    });
    const counters = await lockCounters(tx, [partnerId]);
    counters.get(partnerId)!.used = '0';
    await saveCounters(tx, counters.values());
    await tx.insert(PointBlock, block);
    await recordAct(tx, viewer, {
      action: 'sellPoints',
      subject: { type: 'Partner', id: partnerId },
      after: { points: asked.points, price, validFrom },
      at,
    });
    return partner;
  });
}

/** @throws Refusal NOT_ALLOWED nothing could use the block; INVALID */
async function requireCurrency(
  tx: Database,
  { partnerId, day, currency }: { partnerId: string; day: string; currency: string },
): Promise<void> {
  const prepaid = await tx.find(Contract, {
    where: { partnerId, billing: 'PREPAID' },
    order: { version: 'ASC' },
  });
  const contract = prepaid.find(({ validTo }) => validTo === null || day <= validTo);
  if (!contract) {
    throw new Refusal('NOT_ALLOWED', 'No contract of this partner is prepaid then.', ['partnerId']);
  }
  if (contract.currency === currency) return;
  throw new Refusal('INVALID', `price.currency: is in ${contract.currency}, as the contract is.`, [
    'price',
    'currency',
  ]);
}
