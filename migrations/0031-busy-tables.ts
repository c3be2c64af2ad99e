import type { MigrationInterface, QueryRunner } from 'typeorm';
import { fill, makeIndex, makePartedIndex, requireFilled, validate } from './busy-tables.ts';

/**
 * Indexes, checks and sums of what large tables hold, made while all parts are at work; which mail goes
 * first; and who came to another tier when.
 */
export class BusyTables1763740800031 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(newTables);
    await validate(
      runner,
      'members.member',
      'member_phone_ck',
      'member_merged_into_fk',
      'member_merged_into_ck',
    );
    await validate(runner, 'members.verification', 'verification_changes_member_id_fk');
    await validate(runner, 'partners.activity', 'activity_qualifying_points_ck');
    await validate(runner, 'rewards.redemption', 'redemption_status_ck', 'redemption_cancelled_ck');
    await validate(runner, 'rewards.voucher', 'voucher_status_ck');
    await identifyAccounts(runner);
    await sumLedger(runner);
    for (const index of indexes) await makeIndex(runner, index);
    await makePartedIndex(runner, {
      table: 'ledger.transfer',
      name: 'transfer_effective_at_ix',
      column: 'effective_at',
      using: `USING brin (effective_at) WITH (pages_per_range = 32, autosummarize = on)`,
    });
    await runner.query('DROP INDEX IF EXISTS members.notification_mail_due_at_ix');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE members.tier_move;
      ALTER TABLE members.notification DROP COLUMN mail_priority;
      CREATE INDEX notification_mail_due_at_ix
        ON members.notification (mail_due_at) WHERE mail_due_at IS NOT NULL;
      ALTER TABLE members.partner_account ALTER COLUMN id SET DEFAULT gen_random_uuid();
      DROP INDEX partners.activity_bought_ix, ledger.transfer_effective_at_ix, ledger.lot_activates_at_ix,
        platform.outbox_unnoticed_ix, members.verification_changes_member_id_created_at_ix,
        members.member_joined_at_id_ix, members.member_merged_into_ix;
    `);
  }
}

const newTables = `
  ALTER TABLE members.notification ADD COLUMN IF NOT EXISTS mail_priority smallint NOT NULL DEFAULT 1;

  CREATE TABLE IF NOT EXISTS members.tier_move (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT tier_move_pk PRIMARY KEY,
    member_id uuid NOT NULL,
    -- In the program's time zone.
    moved_on date NOT NULL,
    from_tier text NOT NULL,
    to_tier text NOT NULL,
    -- By the tiers that the program had then.
    is_up boolean NOT NULL
  );
  CREATE INDEX IF NOT EXISTS tier_move_up_ix ON members.tier_move (moved_on, member_id) WHERE is_up;
`;

const indexes = [
  {
    name: 'members.member_merged_into_ix',
    on: 'members.member (merged_into) WHERE merged_into IS NOT NULL',
  },
  { name: 'members.member_joined_at_id_ix', on: 'members.member (joined_at, id)' },
  {
    name: 'members.verification_changes_member_id_created_at_ix',
    on: 'members.verification (changes_member_id, created_at)',
  },
  {
    name: 'members.notification_mail_priority_mail_due_at_ix',
    on: 'members.notification (mail_priority, mail_due_at) WHERE mail_due_at IS NOT NULL',
  },
  // What purchases come to is read from here alone. They are appended to it, nearly in order.
  {
    name: 'partners.activity_bought_ix',
    on: `partners.activity (currency, occurred_at) INCLUDE (amount)
      WHERE kind = 'PURCHASE' AND status = 'POSTED' AND NOT sandbox`,
  },
  // Of each purchase nobody is told: they are most of all events, and stay out of the index.
  {
    name: 'platform.outbox_unnoticed_ix',
    on: `platform.outbox (sequence) WHERE noticed_at IS NULL AND type <> 'activity.posted'`,
  },
  // What waits for its day is at the end of the table: postings pay nothing for this. The same goes for
  // what happened on a day, which is posted on it, or later.
  {
    name: 'ledger.lot_activates_at_ix',
    on: 'ledger.lot USING brin (activates_at) WITH (pages_per_range = 32, autosummarize = on)',
  },
];

/** Gives each account of a member at a partner its id. */
async function identifyAccounts(runner: QueryRunner): Promise<void> {
  const table = 'members.partner_account';
  const [known] = (await runner.query(
    `SELECT FROM pg_constraint WHERE conname = 'partner_account_id_uq' AND conrelid = '${table}'::regclass`,
  )) as object[];
  if (!known) {
    await fill(runner, { table, column: 'id', value: 'gen_random_uuid()' });
    await requireFilled(runner, table, 'id');
    const name = 'members.partner_account_id_uq';
    await makeIndex(runner, { name, on: `${table} (id)`, unique: true });
    await runner.query(
      `ALTER TABLE ${table} ADD CONSTRAINT partner_account_id_uq UNIQUE USING INDEX partner_account_id_uq`,
    );
  }
  await runner.query(`ALTER TABLE ${table} ALTER COLUMN id DROP DEFAULT`);
}

/**
 * Adds up what was rolled up before there were sums by issuer and by member: too much, maybe, for the
 * worker's steps. Nobody rolls up meanwhile.
 */
async function sumLedger(runner: QueryRunner): Promise<void> {
  const known = `xact < (SELECT xact FROM ledger.watermark WHERE name = 'rollup')`;
  await runner.query(
    `INSERT INTO ledger.issuer_rollup (currency, issuer, issue_price, day, points)
     SELECT l.currency, l.issuer, l.issue_price, (l.happened_at AT TIME ZONE c.time_zone)::date,
            sum(l.points)
     FROM ledger.lot_change l JOIN ledger.currency c ON c.code = l.currency
     WHERE ${known} AND NOT EXISTS (SELECT FROM ledger.issuer_rollup)
     GROUP BY 1, 2, 3, 4`,
  );
  // One member after the other, by the first digit of the id.
  for (let digit = 0; digit < 16; digit++) {
    const [from, to] = [0, 15].map(
      (rest) => `${digit.toString(16)}${rest.toString(16).repeat(31)}`,
    );
    await runner.query(
      `INSERT INTO ledger.member_month (member_id, currency, month, first_on, last_on, earned)
       SELECT member_id, currency, date_trunc('month', day)::date, min(day), max(day), sum(earned)
       FROM ledger.activity WHERE ${known} AND member_id BETWEEN $1 AND $2
       GROUP BY 1, 2, 3
       ON CONFLICT DO NOTHING`,
      [from, to],
    );
  }
}
