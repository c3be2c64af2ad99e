import type { MigrationInterface, QueryRunner } from 'typeorm';
import { validate } from './busy-tables.ts';

/** Activities of every kind, which need no payment, and amounts in any currency by rates of the day. */
export class ActivityKinds1763740800036 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS partners.exchange_rate (
        id uuid CONSTRAINT exchange_rate_pk PRIMARY KEY,
        from_currency text NOT NULL
          CONSTRAINT exchange_rate_from_currency_ck CHECK (from_currency ~ '^[A-Z]{3}$'),
        to_currency text NOT NULL
          CONSTRAINT exchange_rate_to_currency_ck CHECK (to_currency ~ '^[A-Z]{3}$'),
        day date NOT NULL,
        -- Counts what was said of this day, from 1: the last one counts, and none of them changes.
        version integer NOT NULL,
        rate numeric NOT NULL CONSTRAINT exchange_rate_rate_ck CHECK (rate > 0),
        set_at timestamptz NOT NULL,
        CONSTRAINT exchange_rate_to_currency_from_currency_day_version_uq
          UNIQUE (to_currency, from_currency, day, version),
        CONSTRAINT exchange_rate_currencies_ck CHECK (from_currency <> to_currency)
      );
      ALTER TABLE partners.activity
        ALTER COLUMN amount DROP NOT NULL,
        ALTER COLUMN currency DROP NOT NULL,
        ALTER COLUMN rule_set_version DROP NOT NULL,
        ADD COLUMN IF NOT EXISTS particulars jsonb,
        -- What made the amount one in the contract's currency.
        ADD COLUMN IF NOT EXISTS exchange_rate_id uuid;
      ${checks.map(anew).join('\n')}
    `);
    await validate(runner, 'partners.activity', ...checks.map(({ name }) => name));
  }

  /** What is no purchase, or was paid in other money, is lost. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM partners.activity WHERE kind <> 'PURCHASE' OR exchange_rate_id IS NOT NULL;
      ALTER TABLE partners.activity
        ${checks.map(({ name }) => `DROP CONSTRAINT ${name},`).join('\n        ')}
        DROP COLUMN particulars,
        DROP COLUMN exchange_rate_id,
        ALTER COLUMN amount SET NOT NULL,
        ALTER COLUMN currency SET NOT NULL,
        ALTER COLUMN rule_set_version SET NOT NULL,
        ADD CONSTRAINT activity_kind_ck CHECK (kind IN ('PURCHASE'));
      DROP TABLE partners.exchange_rate;
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
  {
    name: 'activity_exchange_rate_id_fk',
    is: 'FOREIGN KEY (exchange_rate_id) REFERENCES partners.exchange_rate (id)',
  },
];

/** What was there before keeps to it as well: whoever looks keeps nobody out. */
function anew({ name, is }: (typeof checks)[number]): string {
  return `ALTER TABLE partners.activity DROP CONSTRAINT IF EXISTS ${name},
    ADD CONSTRAINT ${name} ${is} NOT VALID;`;
}
