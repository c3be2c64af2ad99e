import type { MigrationInterface, QueryRunner } from 'typeorm';
import { validate } from './busy-tables.ts';

/** Activities of every kind, of which not all need a payment. */
export class ActivityKinds1763740800036 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE partners.activity
        ALTER COLUMN amount DROP NOT NULL,
        ALTER COLUMN currency DROP NOT NULL,
        ALTER COLUMN rule_set_version DROP NOT NULL,
        ADD COLUMN IF NOT EXISTS particulars jsonb;
      ${checks.map(anew).join('\n')}
    `);
    await validate(runner, 'partners.activity', ...checks.map(({ name }) => name));
  }

  /** What is no purchase is lost. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM partners.activity WHERE kind <> 'PURCHASE';
      ALTER TABLE partners.activity
        ${checks.map(({ name }) => `DROP CONSTRAINT ${name},`).join('\n        ')}
        DROP COLUMN particulars,
        ALTER COLUMN amount SET NOT NULL,
        ALTER COLUMN currency SET NOT NULL,
        ALTER COLUMN rule_set_version SET NOT NULL,
        ADD CONSTRAINT activity_kind_ck CHECK (kind IN ('PURCHASE'));
    `);
  }
}

const checks = [
  {
    name: 'activity_kind_ck',
    is: `CHECK (kind IN ('PURCHASE', 'FLIGHT', 'STAY', 'CARD_SPEND', 'RIDE', 'ENGAGEMENT', 'GRANT', 'OTHER'))`,
  },
  {
    name: 'activity_particulars_ck',
    is: `CHECK ((particulars IS NULL) = (kind IN ('PURCHASE', 'OTHER')))`,
  },
  { name: 'activity_currency_ck', is: 'CHECK ((amount IS NULL) = (currency IS NULL))' },
  {
    name: 'activity_rule_set_version_ck',
    is: `CHECK ((rule_set_version IS NULL) = (kind = 'GRANT'))`,
  },
];

/** What was there before keeps to it as well: whoever looks keeps nobody out. */
function anew({ name, is }: (typeof checks)[number]): string {
  return `ALTER TABLE partners.activity DROP CONSTRAINT IF EXISTS ${name},
    ADD CONSTRAINT ${name} ${is} NOT VALID;`;
}
