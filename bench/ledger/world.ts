import { randomUUID } from 'node:crypto';
import {
  type Accrual,
  type RedeemPoints,
  type StagedAccrual,
  openPartner,
  postStaged,
  stageAccruals,
} from '../../ledger/index.ts';
import { databaseClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Ground } from './ground.ts';
import type { Scale } from './scale.ts';

/** A ledger with members who have points, and what has been done to it. */
export interface World {
  ground: Ground;
  members: string[];
  /** The first is the one that all goes to where a partner is hot. */
  partners: string[];
  /** Movements that the ledger was asked for and has confirmed, and the keys that were used. */
  movements: number;
  keys: number;
}

const lotsEach = 3;
const pointsEach = 20_000n;

/** Makes a ledger whose members have a few lots each, so that they can redeem. */
export async function makeWorld(ground: Ground, scale: Scale): Promise<World> {
  const world: World = {
    ground,
    members: Array.from({ length: scale.members }, () => randomUUID()),
    partners: Array.from({ length: scale.partners }, () => randomUUID()),
    movements: 0,
    keys: 0,
  };
  for (const partner of world.partners) await openPartner(ground.db, partner);
  await postFile(
    world,
    Array.from({ length: scale.members * lotsEach }, (_, index) => ({
      ...anAccrual(world, world.members[index % scale.members]!),
      points: pointsEach,
    })),
  );
  await rows(ground.owner, 'VACUUM ANALYZE');
  return world;
}

/** Posts a file whole. @throws Error a row of it was not posted */
export async function postFile(world: World, file: StagedAccrual[]): Promise<void> {
  const fileId = randomUUID();
  const { db } = world.ground;
  await stageAccruals(db, { fileId, rows: file, at: new Date() });
  const { posted } = await postStaged(db, fileId, { clock: databaseClock });
  if (Number(posted) !== file.length) {
    throw new Error(`Of ${file.length} rows, ${posted} were posted.`);
  }
  world.movements += file.length;
  world.keys += file.length;
}

/** Counts what was posted. @throws Error something asked for was not posted, or had been before */
export function count(
  world: World,
  asked: number,
  answers: readonly ({ repeated: boolean } | Refusal)[],
): void {
  const posted = answers.filter((answer) => !(answer instanceof Refusal) && !answer.repeated);
  if (posted.length !== asked) throw new Error(`Of ${asked} asked, ${posted.length} were posted.`);
  world.movements += asked;
  world.keys += asked;
}

/** Any number below the limit. */
function upTo(limit: number): number {
  return Math.floor(Math.random() * limit);
}

export function aMember({ members }: World): string {
  return members[upTo(members.length)]!;
}

/** @param isHot whether it is always the same one */
function aPartner({ partners }: World, isHot = false): string {
  return partners[isHot ? 0 : upTo(partners.length)]!;
}

export function anAccrual(world: World, memberId: string, isHot = false): Accrual {
  return {
    ...aMovement(memberId),
    points: BigInt(1 + upTo(500)),
    issuerId: aPartner(world, isHot),
    issuePrice: '0.0120',
    source: { kind: 'activity', id: randomUUID() },
    description: 'Purchase at the shop',
  };
}

export function aRedemption(world: World, memberId: string, isHot = false): RedeemPoints {
  return {
    ...aMovement(memberId),
    points: BigInt(1 + upTo(500)),
    partnerId: aPartner(world, isHot),
    source: { kind: 'redemption', id: randomUUID() },
    description: 'Reward',
  };
}

/** What every movement has. */
export function aMovement(memberId: string) {
  const at = new Date();
  return { memberId, key: randomUUID(), at, effectiveAt: at };
}

/**
 * Counts the ledger's rows.
 *
 * @throws Error there are more or fewer than were confirmed
 */
export async function checkCounts({ ground, movements, keys }: World): Promise<void> {
  const [found] = await rows<{ movements: bigint; keys: bigint; versions: bigint }>(
    ground.owner,
    `SELECT (SELECT count(*) FROM ledger.transfer) AS movements,
            (SELECT count(*) FROM ledger.idempotency) AS keys,
            (SELECT sum(version)::bigint FROM ledger.account) AS versions`,
  );
  const expected = { movements, keys, versions: movements };
  for (const [name, value] of Object.entries(expected)) {
    const there = Number(found![name as keyof typeof expected]);
    if (there !== value) throw new Error(`${value} ${name} were confirmed, ${there} are there.`);
  }
}
