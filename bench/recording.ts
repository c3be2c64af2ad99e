/**
 * Measures `recordActivity` by the rule of the partners part, together and each alone by turns, on one
 * server in one run: `npm run bench:recording -- --help` lists the options.
 */
import '../platform/production.ts';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { type Batches, openBatches } from '../platform/batches.ts';
import { databaseClock } from '../platform/clock.ts';
import { openDatabase } from '../platform/connection.ts';
import type { Database } from '../platform/database.ts';
import { limits } from '../platform/limits.ts';
import { runProgram } from '../scripts/program.ts';
import { recordActivity } from '../subgraphs/partners/activities/activities.ts';
import { enrolProvisional } from '../subgraphs/partners/activities/members.ts';
import { Activity } from '../subgraphs/partners/entities.ts';
import { entitiesOf, openTestDatabase } from '../test/support/database.ts';
import { givenPartner } from '../test/support/given-partners.ts';
import { partnerViewer } from '../test/support/subgraph.ts';
import { startServer } from './ledger/ground.ts';

const usage = `npm run bench:recording -- [options]

  --flight N     calls in flight (64)
  --partners N   whose calls they are (5)
  --seconds N    how long each measurement takes (4)
  --rounds N     how often each is made (5)
`;

/** Of each partner. */
const members = 1_000;
/** A busy machine shows in the figures; it ends no run. */
const patient = { ...limits, poolWaitMs: 60_000, statementMs: 60_000, lockMs: 60_000 };
/** Not counted: pools are opened and plans are made. */
const warmUpSeconds = 1;

interface Figures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      flight: { type: 'string', default: '64' },
      partners: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '5' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const server = await startServer();
  try {
    const { url } = await server.open('recording');
    return await bench(url, {
      flight: Number(values.flight),
      partners: Number(values.partners),
      seconds: Number(values.seconds),
      rounds: Number(values.rounds),
    });
  } finally {
    await server.close();
  }
});

type Scale = Record<'flight' | 'partners' | 'seconds' | 'rounds', number>;

/** @returns the exit code: 1 where the rows are not as many as the answers */
async function bench(url: (user: string) => string, scale: Scale): Promise<number> {
  const partnerIds = await makePartners(url, scale.partners);
  const source = await openDatabase(
    url('coalition_partners'),
    entitiesOf.partners,
    patient,
    'bench',
  );
  const db = source.manager;
  const log = pino({ level: 'silent' });
  const batches = openBatches(db, {
    clock: databaseClock,
    log,
    limits: { ...patient, batchWaitMs: 60_000 },
  });
  const tills = { db, partnerIds, flight: scale.flight };
  let answered = 0;
  const measure = async (how: Batches | null, seconds = scale.seconds) => {
    const took = await keepUp(tills, how, seconds);
    answered += took.length;
    return figuresOf(took, seconds);
  };
  for (const how of [null, batches]) await measure(how, warmUpSeconds);
  const ratios: number[] = [];
  for (let round = 1; round <= scale.rounds; round++) {
    const alone = await measure(null);
    const together = await measure(batches);
    ratios.push(together.perSecond / alone.perSecond);
    process.stdout.write(`${JSON.stringify({ round, alone, together })}\n`);
  }
  const recorded = await db.count(Activity);
  await source.destroy();
  const ratio = ratios.sort((a, b) => a - b)[ratios.length >> 1]!.toFixed(1);
  process.stdout.write(`${JSON.stringify({ ...scale, answered, recorded, ratio })}\n`);
  return answered === recorded ? 0 : 1;
}

/** Partners with a rule of a point a unit, and members that they know by their accounts. */
async function makePartners(url: (user: string) => string, count: number): Promise<string[]> {
  const database = await openTestDatabase(url);
  const partnerIds: string[] = [];
  const accounts = Array.from({ length: members }, (_, index) => `c-${index}`);
  while (partnerIds.length < count) {
    const partnerId = await givenPartner(database);
    const at = { partnerId, sandbox: false, at: new Date() };
    await enrolProvisional(database.db('partners'), accounts, at);
    partnerIds.push(partnerId);
  }
  await database.close();
  return partnerIds;
}

/** Keeps calls in flight. @returns how long each took, in milliseconds */
async function keepUp(
  { db, partnerIds, flight }: { db: Database; partnerIds: string[]; flight: number },
  batches: Batches | null,
  seconds: number,
): Promise<number[]> {
  const took: number[] = [];
  const end = performance.now() + seconds * 1_000;
  async function till(): Promise<void> {
    while (performance.now() < end) {
      const viewer = partnerViewer(partnerIds[Math.floor(Math.random() * partnerIds.length)]!);
      const input = {
        member: { partnerAccount: `c-${Math.floor(Math.random() * members)}` },
        kind: 'PURCHASE' as const,
        reference: randomUUID(),
        occurredAt: new Date(),
        amount: { amount: '12.50', currency: 'EUR' },
      };
      const sentAt = performance.now();
      await recordActivity(db, input, { viewer, clock: databaseClock, batches });
      took.push(performance.now() - sentAt);
    }
  }
  await Promise.all(Array.from({ length: flight }, till));
  return took;
}

function figuresOf(took: number[], seconds: number): Figures {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => Number(sorted[Math.floor(sorted.length * share)]!.toFixed(1));
  return { perSecond: Math.round(took.length / seconds), p50Ms: at(0.5), p99Ms: at(0.99) };
}
