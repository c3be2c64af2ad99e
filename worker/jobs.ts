import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Mail } from '../platform/mail.ts';
import { type Database, rows } from '../platform/database.ts';
import { eraseNext } from './erasures.ts';
import { exportNext } from './exports.ts';
import { type ImportWaiting, watchImports } from './imports.ts';
import { fitLifetimeValue, isFitDue, keepLifetimeValue, readBuyers } from './lifetime-value/fit.ts';
import { mailNotices, mailStaff } from './mails.ts';
import { replayNext } from './replays.ts';
import { placeNext } from './segments.ts';
import { clearRejections, clearUpload } from '../subgraphs/partners/imports/clearing.ts';
import { settleLapsed } from '../subgraphs/partners/refunds/lapses.ts';
import { deliverWebhooks } from './webhooks.ts';

/** What jobs go by. */
export interface JobSettings extends Pick<
  Config,
  'limits' | 'ledgerMonths' | 'sealKey' | 'localReceivers'
> {
  mail: Mail;
  /** For steps that may take longer than statements may: they hold up no job but others like them. */
  longDb: Database;
  /** For imports and lapses: the partners' tables, under the partners' role. */
  partnersDb: Database;
  importWaiting: ImportWaiting;
  clock: Clock;
  /** Tells that the worker ends: a job leaves what it has not begun to the next run. */
  ending: AbortSignal;
}

/** Something that has to be done again and again, whether anybody asks for anything or not. */
export interface Job {
  /** Names its queue too. */
  name: string;
  /** When it is due, in UTC: minute, hour, day, month, weekday. */
  cron: string;
  /**
   * Does it. A second run has nothing to do, so that one that was cut short is simply run again.
   *
   * @returns how many it made, cleared or changed
   */
  run(db: Database, settings: JobSettings): Promise<number>;
}

/**
 * Every job. Each calls the published function of the schema that it is about: the worker's role can
 * do nothing else, but for imports and lapses, which go by the partners' rules and under the partners' role. What
 * clears rows comes often and takes a bounded number.
 */
export const jobs: readonly Job[] = [
  {
    name: 'settle-ledger',
    cron: '* * * * *',
    // A few accounts at a time: they are locked until the statement ends.
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT ledger.settle_due($1) AS count', [settings.limits.jobAccountsMax]),
      ),
  },
  {
    name: 'settle-lapsed',
    cron: '* * * * *',
    run: (_, settings) =>
      settleLapsed(settings.partnersDb, { clock: settings.clock, mayGoOn: hasTime(settings) }),
  },
  {
    name: 'watch-inactive-accounts',
    cron: '15 * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT ledger.watch_inactive($1) AS count', [settings.limits.jobAccountsMax]),
      ),
  },
  {
    name: 'roll-up-ledger',
    cron: '* * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT ledger.roll_up($1) AS count', [settings.limits.jobMovementsMax]),
      ),
  },
  {
    name: 'close-ledger-months',
    cron: '50 1 * * *',
    // It reads the whole ledger, once a month, and is done where it was cut short on another day.
    run: (_, settings) =>
      repeat(settings, () =>
        patiently(settings, (tx) => count(tx, 'SELECT ledger.close_months() AS count')),
      ),
  },
  {
    name: 'seal-ledger',
    cron: '30 0 * * *',
    run: (_, settings) =>
      // It locks nothing that anybody waits for, and a seal of a whole day is better than of an hour.
      repeat(settings, () =>
        patiently(settings, (tx) =>
          count(tx, 'SELECT ledger.seal($1) AS count', [settings.limits.sealMovementsMax]),
        ),
      ),
  },
  {
    name: 'detach-ledger-months',
    cron: '40 2 * * *',
    run: async (_, settings) => {
      const { ledgerMonths } = settings;
      if (ledgerMonths === null) return 0;
      return repeat(settings, () =>
        patiently(settings, (tx) =>
          count(
            tx,
            `SELECT ledger.detach_month(
               (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => $1))::date) AS count`,
            [ledgerMonths],
          ),
        ),
      );
    },
  },
  {
    name: 'make-ledger-months',
    cron: '20 2 * * *',
    run: (db) => count(db, 'SELECT ledger.make_months_ahead() AS count'),
  },
  {
    name: 'notice-events',
    cron: '* * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT members.notice_events($1) AS count', [settings.limits.jobNoticesMax]),
      ),
  },
  {
    name: 'notice-members',
    // The function has its own time of day. What a run does not finish, the next one goes on with.
    cron: '* * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT members.notice_members($1, now()) AS count', [
          settings.limits.jobNoticesMax,
        ]),
      ),
  },
  {
    name: 'mail-notices',
    cron: '* * * * *',
    run: (db, settings) =>
      mailNotices(db, settings.mail, {
        atOnce: settings.limits.jobMailsMax,
        mayGoOn: hasTime(settings),
      }),
  },
  {
    name: 'mail-staff',
    cron: '* * * * *',
    run: (db, settings) =>
      mailStaff(db, settings.mail, {
        atOnce: settings.limits.jobMailsMax,
        mayGoOn: hasTime(settings),
      }),
  },
  {
    name: 'deliver-webhooks',
    cron: '* * * * *',
    // It stays and looks what happens: partners do not wait for the next minute.
    run: (db, settings) =>
      deliverWebhooks(db, {
        ...settings,
        mayGoOn: hasTime(settings, settings.limits.webhookWatchMs),
      }),
  },
  {
    name: 'clear-deliveries',
    cron: '*/10 * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT partners.clear_webhook_deliveries($1) AS count', [
          settings.limits.jobRowsMax,
        ]),
      ),
  },
  {
    name: 'review-tiers',
    cron: '* * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT members.review_tiers($1) AS count', [settings.limits.jobAccountsMax]),
      ),
  },
  {
    name: 'place-in-segments',
    cron: '* * * * *',
    run: (db, settings) => repeat(settings, () => placeNext(db, settings.limits)),
  },
  {
    name: 'fit-lifetime-value',
    cron: '10 3 * * *',
    run: async (db, settings) => {
      if (!(await isFitDue(db))) return 0;
      const fit = await fitLifetimeValue(await patiently(settings, readBuyers));
      if (!fit) return 0;
      await keepLifetimeValue(db, fit);
      return 1;
    },
  },
  {
    name: 'erase-members',
    cron: '* * * * *',
    run: (_, settings) =>
      repeat(settings, () =>
        eraseNext(settings.longDb, { mail: settings.mail, partMs: settings.limits.jobErasureMs }),
      ),
  },
  {
    name: 'forfeit-late-points',
    cron: '50 * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT members.forfeit_late_points($1) AS count', [
          settings.limits.jobAccountsMax,
        ]),
      ),
  },
  {
    name: 'export-members',
    cron: '* * * * *',
    run: (_, settings) => {
      const { jobExportMs, exportRecords, exportPieceBytes } = settings.limits;
      return repeat(settings, () =>
        exportNext(settings.longDb, {
          partMs: jobExportMs,
          recordsMax: exportRecords,
          pieceBytes: exportPieceBytes,
        }),
      );
    },
  },
  {
    name: 'clear-exports',
    cron: '*/10 * * * *',
    // One at a time: each has a document with it, of many megabytes perhaps.
    run: (_, settings) =>
      repeat(settings, () =>
        count(settings.longDb, 'SELECT members.clear_exports($1) AS count', [1]),
      ),
  },
  {
    name: 'import-activities',
    cron: '* * * * *',
    // It stays and looks for more: partners do not wait for the next minute.
    run: (_, settings) => watchImports(settings.partnersDb, settings),
  },
  {
    name: 'clear-uploads',
    cron: '*/10 * * * *',
    run: (_, settings) => repeat(settings, () => clearUpload(settings.partnersDb)),
  },
  {
    name: 'clear-rejections',
    cron: '*/10 * * * *',
    run: (_, settings) =>
      repeat(settings, () => clearRejections(settings.partnersDb, settings.limits.jobRowsMax)),
  },
  {
    name: 'replay-activities',
    cron: '* * * * *',
    // A part of one partner's, then of the next one's that waits.
    run: (_, settings) => repeat(settings, () => replayNext(settings.longDb, settings.limits)),
  },
  {
    name: 'clear-replays',
    cron: '*/10 * * * *',
    run: (db, { limits: { jobRowsMax } }) =>
      count(db, 'SELECT partners.clear_replays($1) AS count', [jobRowsMax]),
  },
  {
    name: 'count-active-months',
    cron: '*/5 * * * *',
    // Once a run: what changes all the time, as last month does by refunds, would be counted again and again.
    run: (_, settings) => {
      const { jobCountedMax } = settings.limits;
      return patiently(settings, (tx) =>
        count(tx, 'SELECT partners.count_months($1) AS count', [jobCountedMax]),
      );
    },
  },
  {
    name: 'clear-verifications',
    cron: '*/10 * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT members.clear_verifications($1) AS count', [settings.limits.jobRowsMax]),
      ),
  },
  {
    name: 'forward-merged-points',
    cron: '* * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT members.forward_merged($1) AS count', [settings.limits.jobAccountsMax]),
      ),
  },
  {
    name: 'clear-identifiers',
    cron: '*/10 * * * *',
    run: (db, { limits: { jobRowsMax } }) =>
      count(db, 'SELECT members.clear_identifiers($1) AS count', [jobRowsMax]),
  },
  {
    name: 'clear-wallet-tokens',
    cron: '*/10 * * * *',
    run: (db, { limits: { jobRowsMax } }) =>
      count(db, 'SELECT members.clear_wallet_tokens($1) AS count', [jobRowsMax]),
  },
  {
    name: 'expire-risk-cases',
    cron: '* * * * *',
    run: (db, { limits: { jobRowsMax } }) =>
      count(db, 'SELECT members.expire_risk_cases($1) AS count', [jobRowsMax]),
  },
  {
    name: 'close-conversions',
    cron: '* * * * *',
    run: (db, { limits: { jobRowsMax } }) =>
      count(db, 'SELECT members.close_conversions($1) AS count', [jobRowsMax]),
  },
  {
    name: 'reward-referrals',
    cron: '*/10 * * * *',
    run: (db, settings) =>
      repeat(settings, () => count(db, 'SELECT members.reward_next_referral() AS count')),
  },
  {
    name: 'clear-invitations',
    cron: '*/10 * * * *',
    run: (db, { limits: { jobRowsMax } }) =>
      count(db, 'SELECT members.clear_invitations($1) AS count', [jobRowsMax]),
  },
  {
    name: 'forget-client-secrets',
    cron: '*/10 * * * *',
    run: (db, { limits: { jobRowsMax } }) =>
      count(db, 'SELECT partners.forget_secrets($1) AS count', [jobRowsMax]),
  },
  {
    name: 'terminate-partners',
    cron: '* * * * *',
    run: (db, { limits: { jobRowsMax } }) =>
      count(db, 'SELECT partners.terminate_due($1) AS count', [jobRowsMax]),
  },
  {
    name: 'clear-identity-records',
    cron: '*/10 * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT identity.clear_records($1) AS count', [settings.limits.jobRowsMax]),
      ),
  },
  {
    name: 'clear-sign-in-codes',
    cron: '*/10 * * * *',
    run: (db, settings) =>
      repeat(settings, () =>
        count(db, 'SELECT identity.clear_sign_in_codes($1) AS count', [settings.limits.jobRowsMax]),
      ),
  },
];

async function count(db: Database, sql: string, values: unknown[] = []): Promise<number> {
  const [row] = await rows<{ count: number }>(db, sql, values);
  return row!.count;
}

/** Gives a step that reads a whole day, month or ledger the time that it takes. */
function patiently<Result>(
  { limits: { jobSealMs }, longDb }: JobSettings,
  step: (tx: Database) => Promise<Result>,
): Promise<Result> {
  return longDb.transaction(async (tx) => {
    await rows(tx, `SELECT set_config('statement_timeout', $1, true)`, [String(jobSealMs)]);
    return step(tx);
  });
}

/**
 * Does a step again and again until there is nothing left to do, or most of a run's time is over: the
 * next run goes on.
 *
 * @returns how many all steps did
 */
async function repeat(settings: JobSettings, step: () => Promise<number>): Promise<number> {
  const mayGoOn = hasTime(settings);
  let done = 0;
  for (;;) {
    const more = await step();
    done += more;
    if (more === 0 || !mayGoOn()) return done;
  }
}

/** Asks whether a run that begins now may begin another step. */
function hasTime({ limits: { jobMs }, ending }: JobSettings, ms = jobMs / 2): () => boolean {
  const enough = performance.now() + ms;
  return () => !ending.aborted && performance.now() <= enough;
}
