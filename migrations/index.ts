import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { type Config, type PartName, roleOf, subgraphNames } from '../platform/config.ts';
import { Connection, requireDurable } from '../platform/connection.ts';
import { lockNotAvailable, sqlStateOf } from '../platform/database.ts';
import { root } from '../platform/root.ts';
import { jobs } from '../worker/jobs.ts';
import { installQueue } from '../worker/queue.ts';
import { lockMs } from './busy-tables.ts';
import { Ground1763740800001 } from './0001-ground.ts';
import { Ledger1763740800002 } from './0002-ledger.ts';
import { Members1763740800003 } from './0003-members.ts';
import { Partners1763740800004 } from './0004-partners.ts';
import { Rewards1763740800005 } from './0005-rewards.ts';
import { Community1763740800006 } from './0006-community.ts';
import { Identity1763740800007 } from './0007-identity.ts';
import { PartnerAccounts1763740800008 } from './0008-partner-accounts.ts';
import { Brands1763740800009 } from './0009-brands.ts';
import { ReviewsAndVouchers1763740800010 } from './0010-reviews-and-vouchers.ts';
import { Worker1763740800011 } from './0011-worker.ts';
import { LedgerWhole1763740800012 } from './0012-ledger-whole.ts';
import { StagedFiles1763740800013 } from './0013-staged-files.ts';
import { LedgerSeals1763740800014 } from './0014-ledger-seals.ts';
import { SignIn1763740800015 } from './0015-sign-in.ts';
import { Identifiers1763740800016 } from './0016-identifiers.ts';
import { Tiers1763740800017 } from './0017-tiers.ts';
import { Holds1763740800018 } from './0018-holds.ts';
import { Movements1763740800019 } from './0019-movements.ts';
import { Households1763740800020 } from './0020-households.ts';
import { AuditLog1763740800021 } from './0021-audit-log.ts';
import { Reports1763740800022 } from './0022-reports.ts';
import { Notifications1763740800023 } from './0023-notifications.ts';
import { Erasures1763740800024 } from './0024-erasures.ts';
import { NoticeRounds1763740800025 } from './0025-notice-rounds.ts';
import { Exports1763740800026 } from './0026-exports.ts';
import { Segments1763740800027 } from './0027-segments.ts';
import { BusinessAndReferrals1763740800028 } from './0028-business-and-referrals.ts';
import { SignedOut1763740800029 } from './0029-signed-out.ts';
import { Mends1763740800030 } from './0030-mends.ts';
import { BusyTables1763740800031 } from './0031-busy-tables.ts';
import { EarnRules1763740800033 } from './0033-earn-rules.ts';
import { Contracts1763740800034 } from './0034-contracts.ts';
import { Webhooks1763740800035 } from './0035-webhooks.ts';
import { ActivityKinds1763740800036 } from './0036-activity-kinds.ts';
import { Refunds1763740800037 } from './0037-refunds.ts';
import { Terms1763740800038 } from './0038-terms.ts';
import { Settlement1763740800039 } from './0039-settlement.ts';
import { Offers1763740800040 } from './0040-offers.ts';
import { Imports1763740800041 } from './0041-imports.ts';
import { SandboxAndClaims1763740800042 } from './0042-sandbox-and-claims.ts';
import { Replays1763740800043 } from './0043-replays.ts';
import { PendingSums1763740800044 } from './0044-pending-sums.ts';
import { Lapses1763740800045 } from './0045-lapses.ts';
import { JointCampaigns1763740800046 } from './0046-joint-campaigns.ts';
import { ActiveMonths1763740800047 } from './0047-active-months.ts';
import { Events1763740800049 } from './0049-events.ts';
import { DisputeLines1763740800051 } from './0051-dispute-lines.ts';
import { OwnCurrencies1763740800055 } from './0055-own-currencies.ts';

const migrations = [
  Ground1763740800001,
  Ledger1763740800002,
  Members1763740800003,
  Partners1763740800004,
  Rewards1763740800005,
  Community1763740800006,
  Identity1763740800007,
  PartnerAccounts1763740800008,
  Brands1763740800009,
  ReviewsAndVouchers1763740800010,
  Worker1763740800011,
  LedgerWhole1763740800012,
  StagedFiles1763740800013,
  LedgerSeals1763740800014,
  SignIn1763740800015,
  Identifiers1763740800016,
  Tiers1763740800017,
  Holds1763740800018,
  Movements1763740800019,
  Households1763740800020,
  AuditLog1763740800021,
  Reports1763740800022,
  Notifications1763740800023,
  Erasures1763740800024,
  NoticeRounds1763740800025,
  Exports1763740800026,
  Segments1763740800027,
  BusinessAndReferrals1763740800028,
  SignedOut1763740800029,
  Mends1763740800030,
  BusyTables1763740800031,
  EarnRules1763740800033,
  Contracts1763740800034,
  Webhooks1763740800035,
  ActivityKinds1763740800036,
  Refunds1763740800037,
  Terms1763740800038,
  Settlement1763740800039,
  Offers1763740800040,
  Imports1763740800041,
  SandboxAndClaims1763740800042,
  Replays1763740800043,
  PendingSums1763740800044,
  Lapses1763740800045,
  JointCampaigns1763740800046,
  ActiveMonths1763740800047,
  Events1763740800049,
  DisputeLines1763740800051,
  OwnCurrencies1763740800055,
];

/** Any number, but the same in every process that migrates. */
const lockKey = 727_001;
/** Between two tries to be the one that migrates, or to lock a table that others are at. */
const pauseMs = 500;
/** So often a migration waits for a lock: for some two minutes. */
const lockTriesMax = 120;

/**
 * Brings the database up to date: the numbered migrations that are missing, then the worker's queues,
 * the functions, and the months of the ledger. One that was restored on another server is made to
 * count its transactions on. Several processes may call it at once.
 *
 * @throws Error where the server may forget what it has confirmed
 */
export async function migrate(
  databaseUrl: string,
  rolePasswords: Config['rolePasswords'] = {},
): Promise<void> {
  const client = new Connection({ connectionString: databaseUrl, application_name: 'migrate' });
  await client.connect();
  try {
    await requireDurable(async (sql) => (await client.query<{ name: string }>(sql)).rows);
    await becomeOnlyOne(client);
    await runMigrations(databaseUrl);
    await installQueue(client, jobs);
    await applyFunctions(client);
    await client.query('SELECT ledger.keep_xacts_rising()');
    // Postings wait behind it, where it has to wait for whoever reads the whole ledger.
    await client.query(`SET lock_timeout = '5s'`);
    await client.query('SELECT ledger.make_months_ahead()');
    await setPasswords(client, rolePasswords);
  } finally {
    await client.end();
  }
}

export function migrationSource(databaseUrl: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema: 'public',
    migrations,
    migrationsTableName: 'migration',
    applicationName: 'migrate',
    // All who want a table wait behind a migration that waits for it.
    extra: { Client: Connection, max: 1, lock_timeout: lockMs },
  });
}

/** Asks again and again: a statement that waits would be waited for by indexes that are made meanwhile. */
async function becomeOnlyOne(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ is: boolean }>('SELECT pg_try_advisory_lock($1) AS is', [
      lockKey,
    ]);
    if (rows[0]!.is) return;
    await sleep(pauseMs);
  }
}

/** Runs what is missing. Where a table is not free for long, others are let go on before the next try. */
async function runMigrations(databaseUrl: string): Promise<void> {
  const source = await migrationSource(databaseUrl).initialize();
  try {
    for (let tries = 1; ; tries++) {
      try {
        await source.runMigrations({ transaction: 'each' });
        return;
      } catch (error) {
        if (sqlStateOf(error) !== lockNotAvailable || tries === lockTriesMax) throw error;
        await sleep(pauseMs);
      }
    }
  } finally {
    await source.destroy();
  }
}

/**
 * Functions stand in files beside what owns them, and are all replaced by what their files say, so
 * that one reads and reviews a function where it is, not as the last of its migrations.
 */
async function applyFunctions(client: pg.Client): Promise<void> {
  const files = functionFiles().map((path) => readFileSync(join(root, path), 'utf8'));
  // Statements of one query are one transaction: all functions are of this release, or none.
  await client.query(files.join('\n'));
}

/** The platform's and the ledger's functions, then what each other owner publishes; in each folder by name. */
function functionFiles(): string[] {
  const owners = [...subgraphNames.map((name) => `subgraphs/${name}`), 'identity'];
  const folders = ['platform', 'ledger', ...owners].map((owner) => `${owner}/sql`);
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .sort()
        .map((file) => `${folder}/${file}`),
    );
}

/** Gives the parts' roles the passwords that their own URLs name. */
async function setPasswords(client: pg.Client, passwords: Config['rolePasswords']): Promise<void> {
  for (const [part, password] of Object.entries(passwords)) {
    const role = client.escapeIdentifier(roleOf(part as PartName));
    await client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(password)}`);
  }
}
