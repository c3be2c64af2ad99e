import type pg from 'pg';
import { Registry } from 'prom-client';
import { SetClock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { Connection } from '../platform/connection.ts';
import { openLog } from '../platform/log.ts';
import { openTexts } from '../platform/texts.ts';
import { startSystem } from '../system.ts';
import { brands } from './demo/brands.ts';
import { calendarOf, expiryMonths, weeksMax } from './demo/calendar.ts';
import { makeDemo } from './demo/demo.ts';
import { tierPolicy, tiers } from './demo/tiers.ts';
import { openBrand } from './seed/brands.ts';
import { type Seeding, placeHolds, putDown } from './seed/history.ts';
import { Mails } from './seed/members.ts';
import { admin, graphClient } from './seed/operations.ts';
import { Timeline } from './seed/timeline.ts';
import { type TrialReceiver, openTrialReceiver } from './seed/trials.ts';

/**
 * Makes the demo coalition, once: everything goes in through the operations that clients use, under
 * the roles that they have. Only the clock is the seed's own, so that the demo has a past. A run
 * that was cut short is gone on with: every step is repeatable, and goes by the first run's time.
 *
 * @param at the time that the demo leads up to
 */
export async function seed(config: Config, at = new Date()): Promise<void> {
  const now = await begin(config, at);
  if (!now) return;
  const clock = new SetClock(now);
  const mails = new Mails();
  const log = openLog('warn');
  const metrics = new Registry();
  const platform = { clock, mail: mails, texts: openTexts(config, log), log, metrics };
  const seeding = { ...patient(config), localReceivers: true };
  const receiver = await openTrialReceiver(seeding);
  const system = await startSystem(seeding, platform);
  try {
    const graph = graphClient(system.gateway);
    const picturesUrl = `${config.publicUrl}/pictures`;
    await makeCoalition({ graph, clock, mails, picturesUrl, receiver }, now);
  } finally {
    await system.drain();
    await receiver.close();
  }
  await onDatabase(config, (client) =>
    client.query(`INSERT INTO public.seed VALUES ('demo', now()) ON CONFLICT DO NOTHING`),
  );
}

/** Nobody waits for an answer here: on a busy machine each step may take its time. */
function patient(config: Config): Config {
  const { limits } = config;
  const times = {
    operationMs: 10 * limits.operationMs,
    subgraphCallMs: 10 * limits.subgraphCallMs,
    statementMs: 10 * limits.statementMs,
    lockMs: 10 * limits.lockMs,
    poolWaitMs: 10 * limits.poolWaitMs,
  };
  return { ...config, limits: { ...limits, ...times } };
}

async function makeCoalition(
  seeding: Seeding & { picturesUrl: string; receiver: TrialReceiver },
  now: Date,
): Promise<void> {
  const { graph, clock, picturesUrl, receiver } = seeding;
  const { program } = await graph.ask<{ program: { timeZone: string } }>(
    admin,
    '{ program { timeZone } }',
  );
  const calendar = calendarOf(now, program.timeZone);
  const since = calendar({ weeksAgo: weeksMax + 1, day: 1, hour: 9, minute: 0 });
  clock.at = since;
  const expiry = { kind: 'LOT_AGE', months: expiryMonths, rounding: 'DAY' };
  await graph.change(admin, 'configureProgram', { input: { tiers, tierPolicy, expiry } });
  const partnerIds = new Map<string, string>();
  const rewardIds = new Map<string, string>();
  for (const brand of brands) {
    const open = await openBrand({ graph, picturesUrl, receiver, since }, brand);
    partnerIds.set(brand.code, open.partnerId);
    for (const [sku, id] of open.rewardIds) rewardIds.set(sku, id);
  }
  const timeline = new Timeline(calendar);
  const demo = makeDemo();
  const scene = { ...seeding, calendar, partnerIds, rewardIds };
  putDown(demo, timeline, scene);
  await timeline.run(clock);
  clock.at = now;
  await placeHolds(demo.holds, scene);
}

/**
 * Writes down that the seed has begun, and gives the ledger months for the demo's past.
 *
 * The record stands outside the parts' schemas: it is about this database, not about the program.
 *
 * @returns when it first began; null where it is done
 */
function begin(config: Config, at: Date): Promise<Date | null> {
  return onDatabase(config, async (client) => {
    await client.query(
      'CREATE TABLE IF NOT EXISTS public.seed (name text PRIMARY KEY, done_at timestamptz NOT NULL)',
    );
    await client.query(`INSERT INTO public.seed VALUES ('demo begun', $1) ON CONFLICT DO NOTHING`, [
      at,
    ]);
    const { rows } = await client.query<{ name: string; done_at: Date }>(
      'SELECT * FROM public.seed',
    );
    const done = new Map(rows.map((row) => [row.name, row.done_at]));
    if (done.has('demo')) return null;
    const begun = done.get('demo begun')!;
    await client.query(
      `SELECT ledger.make_months(($1::timestamptz - make_interval(weeks => $2))::date, $1::date)`,
      [begun, weeksMax + 1],
    );
    return begun;
  });
}

async function onDatabase<Result>(
  config: Config,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new Connection({ connectionString: config.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
