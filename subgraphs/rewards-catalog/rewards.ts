import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recordAct } from '../../platform/audit-log.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, insertOnce, rows, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import {
  body,
  id,
  key,
  label,
  money,
  parseInput,
  points,
  title,
  url,
} from '../../platform/input.ts';
import { type Viewer, requireNoSandbox, requireOwn } from '../../platform/viewer.ts';
import { Reward, RewardPrice } from './entities.ts';
import { rewardKinds } from './kinds.ts';

const stockMax = 1_000_000_000;

const rewardInput = z.object({
  partnerId: id,
  sku: key,
  name: title,
  description: body.nullish(),
  imageUrl: url.nullish(),
  kind: z.enum(rewardKinds),
  categories: z
    .array(label)
    .max(10, 'must hold 10 at most')
    .nullish()
    .transform((categories) => [...new Set(categories)]),
  prices: z
    .array(z.object({ points }))
    .min(1, 'must hold at least one')
    .max(10, 'must hold 10 at most'),
  faceValue: money.nullish(),
  availability: z
    .object({
      stock: z
        .int()
        .min(0, 'must be 0 or more')
        .max(stockMax, `must be ${stockMax} or less`)
        .nullish(),
    })
    .nullish(),
});

const publication = z.object({ id });

export type CreateReward = z.input<typeof rewardInput>;

/**
 * Drafts a reward of a partner. Nobody but the partner and staff sees it until it is published.
 *
 * @throws Refusal INVALID also for a face value in other money than the partner's; NOT_FOUND the partner does not exist, or is not the caller's; NOT_ALLOWED
 *   to a test client; PARTNER_INACTIVE it is suspended or gone; CONFLICT with the id of the partner's
 *   reward that has the SKU
 */
export async function createReward(
  db: Database,
  input: CreateReward,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Reward> {
  const { prices, availability, faceValue, ...given } = parseInput(rewardInput, input);
  requireOwn(viewer, given.partnerId);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    await requireOpenPartner(tx, given.partnerId);
    if (faceValue) await requireOwnMoney(tx, given.partnerId, faceValue.currency);
    const at = await clock.now(tx);
    const reward = tx.create(Reward, {
      ...given,
      id: randomUUID(),
      description: given.description ?? null,
      imageUrl: given.imageUrl ?? null,
      status: 'DRAFT',
      points: prices[0]!.points,
      stock: availability?.stock ?? null,
      faceValue: faceValue?.amount ?? null,
      faceCurrency: faceValue?.currency ?? null,
      createdAt: at,
    });
    if (!(await insertOnce(tx, Reward, reward, ['partnerId', 'sku']))) {
      throw await skuTaken(tx, reward);
    }
    await tx.insert(
      RewardPrice,
      prices.map((price, position) => ({
        id: randomUUID(),
        rewardId: reward.id,
        position,
        points: price.points,
      })),
    );
    await recordAct(tx, viewer, {
      action: 'createReward',
      subject: { type: 'Reward', id: reward.id },
      after: { ...given, prices, stock: reward.stock, faceValue },
      at,
    });
    return reward;
  });
}

async function requireOpenPartner(tx: Database, partnerId: string): Promise<void> {
  const [partner] = await rows<{ status: string }>(
    tx,
    'SELECT status FROM partners.snapshot(ARRAY[$1::uuid])',
    [partnerId],
  );
  if (!partner) throw new Refusal('NOT_FOUND', 'There is no such partner.', ['partnerId']);
  if (partner.status === 'SUSPENDED' || partner.status === 'TERMINATED') {
    throw new Refusal('PARTNER_INACTIVE', 'This partner takes no part now.', ['partnerId']);
  }
}

/** Partners are paid in the money of their contracts. @throws Refusal INVALID */
async function requireOwnMoney(tx: Database, partnerId: string, currency: string): Promise<void> {
  const [own] = await rows<{ currency: string }>(
    tx,
    'SELECT currency FROM partners.contract_currencies(ARRAY[$1::uuid])',
    [partnerId],
  );
  if (own?.currency === currency) return;
  const message = own ? `The partner is paid in ${own.currency}.` : 'The partner has no contract.';
  throw new Refusal('INVALID', message, ['faceValue', 'currency']);
}

async function skuTaken(tx: Database, { partnerId, sku }: Reward): Promise<Refusal> {
  const first = await tx.findOneByOrFail(Reward, { partnerId, sku });
  const message = 'The partner has a reward with this SKU.';
  return new Refusal('CONFLICT', message, ['sku'], { subject: first.id });
}

/**
 * Shows a draft to everybody, as long as its partner is live. Again: the same answer.
 *
 * @throws Refusal INVALID `id` is no id; NOT_FOUND the reward does not exist
 */
export async function publishReward(
  db: Database,
  input: z.input<typeof publication>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Reward> {
  const wanted = parseInput(publication, input);
  return transaction(db, async (tx) => {
    const draft = { ...wanted, status: 'DRAFT' as const };
    const { affected } = await tx.update(Reward, draft, { status: 'PUBLISHED' });
    const reward = await tx.findOneBy(Reward, wanted);
    if (!reward) throw new Refusal('NOT_FOUND', 'This reward does not exist.', ['id']);
    if (affected === 1) {
      await recordAct(tx, viewer, {
        action: 'publishReward',
        subject: { type: 'Reward', id: reward.id },
        before: { status: 'DRAFT' },
        after: { status: 'PUBLISHED' },
        at: await clock.now(tx),
      });
    }
    return reward;
  });
}
