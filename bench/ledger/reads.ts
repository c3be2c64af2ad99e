import { randomInt, randomUUID } from 'node:crypto';
import { balancesOf, openPartner, statementsOf } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import type { Measurement } from './figures.ts';
import type { Ground, Server } from './ground.ts';
import { repeat } from './load.ts';
import type { Scale } from './scale.ts';
import { type World, anAccrual, postFile } from './world.ts';

/** Of each member, however large the ledger is. */
const entriesEach = 25;

/** Reads of one caller, from a small ledger and from a large one beside it. */
export async function readMeasurements(server: Server, scale: Scale): Promise<Measurement[]> {
  const few = await aLedger(await server.open('few'), scale.fewEntries);
  const many = await aLedger(await server.open('many'), scale.entries);
  const at = (entries: number) => `at ${entries.toLocaleString('en')} entries`;

  const balance = (world: World) => async () => {
    const memberId = world.members[randomInt(world.members.length)]!;
    const [found] = await balancesOf(world.ground.db, [{ memberId }], new Date());
    if (!found!.available) throw new Error('A member has no points.');
  };
  const lastEntry = (world: World) => async () => {
    const memberId = world.members[randomInt(world.members.length)]!;
    const page = { first: 1, after: null };
    const [found] = await statementsOf(world.ground.db, [memberId], page, {});
    if (Number(found!.version) !== entriesEach) throw new Error('That is not the last entry.');
  };
  const pair = (name: string, read: typeof balance, ratio?: number): Measurement[] => {
    const [small, large] = [`${name} ${at(scale.fewEntries)}`, `${name} ${at(scale.entries)}`];
    return [
      { name: small, against: small, run: () => repeat(scale.reads, read(few)) },
      {
        name: large,
        against: small,
        by: 'p50',
        ...(ratio && { goal: { ratio, isCeiling: true } }),
        run: () => repeat(scale.reads, read(many)),
      },
    ];
  };
  return [...pair('balance', balance), ...pair('last entry', lastEntry, 1.5)];
}

/** A ledger of so many movements, put in by files. */
async function aLedger(ground: Ground, entries: number): Promise<World> {
  const members = Array.from({ length: Math.ceil(entries / entriesEach) }, () => randomUUID());
  const partners = Array.from({ length: 100 }, () => randomUUID());
  for (const partner of partners) await openPartner(ground.db, partner);
  const world: World = { ground, members, partners, movements: 0, keys: 0 };
  const fileMax = 500_000;
  for (let from = 0; from < entries; from += fileMax) {
    const length = Math.min(fileMax, entries - from);
    await postFile(
      world,
      Array.from({ length }, (_, n) => anAccrual(world, members[(from + n) % members.length]!)),
    );
  }
  await rows(ground.owner, 'VACUUM ANALYZE');
  return world;
}
