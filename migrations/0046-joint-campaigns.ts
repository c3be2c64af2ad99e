import type { MigrationInterface, QueryRunner } from 'typeorm';
import { makeIndex } from './busy-tables.ts';

/** What campaigns cost that several pay for, and who wrote a draft of one. */
export class JointCampaigns1763740800046 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(newTables);
    for (const index of indexes) await makeIndex(runner, index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE partners.campaign_cost;
      ALTER TABLE partners.offer DROP COLUMN changed_by;
    `);
    for (const { name } of indexes) await runner.query(`DROP INDEX ${name}`);
  }
}

const newTables = `
  CREATE TABLE IF NOT EXISTS partners.campaign_cost (
    offer_id uuid CONSTRAINT campaign_cost_offer_id_fk REFERENCES partners.offer,
    -- Of the offer's brand.
    contract_version integer,
    -- Whose statement has it.
    month date CONSTRAINT campaign_cost_month_fk REFERENCES partners.settlement_month,
    -- Not rounded, and below zero where more was taken back than given.
    points numeric NOT NULL,
    cost numeric NOT NULL,
    CONSTRAINT campaign_cost_pk PRIMARY KEY (offer_id, contract_version, month)
  );
  REVOKE UPDATE, DELETE ON partners.campaign_cost FROM coalition_partners;
  CREATE OR REPLACE TRIGGER campaign_cost_kept_tg BEFORE UPDATE OR DELETE ON partners.campaign_cost
    FOR EACH STATEMENT EXECUTE FUNCTION partners.keep_settled();

  -- Who wrote this version.
  ALTER TABLE partners.offer ADD COLUMN IF NOT EXISTS changed_by text;
`;

const indexes = [
  {
    name: 'partners.offer_joint_ix',
    on: `partners.offer (partner_id) WHERE published_at IS NOT NULL AND funding <> '[]'`,
  },
];
