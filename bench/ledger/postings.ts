import {
  type Accrual,
  type RedeemPoints,
  accrueAll,
  accruePoints,
  captureHold,
  holdPoints,
  redeemAll,
  redeemPoints,
} from '../../ledger/index.ts';
import { gather } from '../../platform/batches.ts';
import type { Database } from '../../platform/database.ts';
import type { Refusal } from '../../platform/errors.ts';
import { limits } from '../../platform/limits.ts';
import type { Measurement } from './figures.ts';
import { drive } from './load.ts';
import { minimal } from './minimal.ts';
import type { Scale } from './scale.ts';
import { type World, aMember, aMovement, aRedemption, anAccrual, count } from './world.ts';

const hourMs = 3_600_000;

/** As the parts gather, but that nothing is refused where the machine is busy. */
const bounds = {
  sizeMax: limits.batchItems,
  writersMax: limits.batchWriters,
  waitingMax: limits.batchWaiting,
  waitMs: 60_000,
};

/** Calls that arrive together are gathered, each batch a statement, which is its transaction. */
function gathered<Request extends { at: Date }, Answer extends { repeated: boolean }>(
  world: World,
  post: (db: Database, requests: Request[]) => Promise<(Answer | Refusal)[]>,
  partnerOf: (request: Request) => string,
): (request: Request) => Promise<void> {
  const { add } = gather<Request, Answer>((requests) => {
    // The instant is the batch's, as where the parts take it from the database's clock.
    const { at } = requests[0]!;
    const all = requests.map((request) => ({ ...request, at }));
    return post(world.ground.db, all);
  }, bounds);
  return async (request) => count(world, 1, [await add(request, partnerOf(request))]);
}

export function postingMeasurements(world: World, { seconds }: Scale): Measurement[] {
  const { db } = world.ground;
  const accrue = gathered<Accrual, { repeated: boolean }>(
    world,
    accrueAll,
    ({ issuerId }) => issuerId,
  );
  const redeem = gathered<RedeemPoints, { repeated: boolean }>(
    world,
    redeemAll,
    ({ partnerId }) => partnerId,
  );
  const load = (inFlight: number, call: () => Promise<void>) => () =>
    drive(inFlight, seconds, call);
  const spreadAccrual = () => anAccrual(world, aMember(world));
  const hotAccrual = () => anAccrual(world, aMember(world), true);
  const aSpending = () => aRedemption(world, aMember(world));

  return [
    {
      name: 'accrual, 500 in flight, spread',
      against: minimal,
      run: load(500, () => accrue(spreadAccrual())),
    },
    {
      name: 'accrual, 500 in flight, one partner',
      against: minimal,
      goal: { ratio: 2.7 },
      run: load(500, () => accrue(hotAccrual())),
    },
    {
      name: 'accrual, 64 in flight, spread',
      against: minimal,
      run: load(64, () => accrue(spreadAccrual())),
    },
    {
      name: 'accrual, 64 in flight, one partner',
      against: 'accrual, 64 in flight, spread',
      run: load(64, () => accrue(hotAccrual())),
    },
    {
      name: 'accrual, not gathered, 8 callers',
      against: minimal,
      run: load(8, async () => count(world, 1, [await accruePoints(db, spreadAccrual())])),
    },
    {
      name: 'redemption, 500 in flight',
      against: minimal,
      goal: { ratio: 0.77 },
      run: load(500, () => redeem(aSpending())),
    },
    {
      name: 'redemption, 64 in flight',
      against: minimal,
      run: load(64, () => redeem(aSpending())),
    },
    {
      name: 'redemption, not gathered, 8 callers',
      against: minimal,
      run: load(8, async () => count(world, 1, [await redeemPoints(db, aSpending())])),
    },
    {
      name: 'hold and its capture, 8 callers',
      against: minimal,
      run: load(8, () => holdAndCapture(world)),
    },
  ];
}

/** A hold makes no movement, but uses a key. */
async function holdAndCapture(world: World): Promise<void> {
  const { db } = world.ground;
  const { points, partnerId, ...hold } = aRedemption(world, aMember(world));
  const expiresAt = new Date(hold.at.getTime() + hourMs);
  const held = await holdPoints(db, { ...hold, points, partnerId, expiresAt });
  if (held.repeated) throw new Error('A new hold was answered as repeated.');
  world.keys++;
  const captured = await captureHold(db, {
    ...aMovement(hold.memberId),
    holdId: hold.key,
    source: { kind: 'hold', id: hold.key },
    description: hold.description,
  });
  count(world, 1, [captured]);
}
