import type { MigrationInterface, QueryRunner } from 'typeorm';
import { makeIndex } from './busy-tables.ts';

/** What campaigns cost that several pay for, who wrote a draft of one, and what offers have spent. */
export class JointCampaigns1763740800046 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(newTables);
    await runner.query(spentBefore);
    for (const index of indexes) await makeIndex(runner, index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER offer_award_counted_tg ON partners.offer_award;
      DROP TRIGGER offer_award_recounted_tg ON partners.offer_award;
      DROP FUNCTION partners.count_awards();
      DROP TABLE partners.offer_spent, partners.campaign_cost;
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

  -- What offers without a budget have given, less what was taken back. In slots: those who count at once do
  -- not wait for each other. The last is for what was given before there were any.
  CREATE TABLE IF NOT EXISTS partners.offer_spent (
    offer_id uuid CONSTRAINT offer_spent_offer_id_fk REFERENCES partners.offer,
    sandbox boolean,
    slot smallint CONSTRAINT offer_spent_slot_ck CHECK (slot BETWEEN 0 AND 16),
    points bigint NOT NULL,
    CONSTRAINT offer_spent_pk PRIMARY KEY (offer_id, sandbox, slot)
  );
  CREATE OR REPLACE FUNCTION partners.count_awards() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO partners.offer_spent AS s (offer_id, sandbox, slot, points)
      SELECT a.offer_id, a.sandbox, pg_backend_pid() % 16, sum(a.points - a.refunded)
      FROM award a JOIN partners.offer o ON o.id = a.offer_id AND o.budget IS NULL
      GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (offer_id, sandbox, slot) DO UPDATE SET points = s.points + excluded.points;
    ELSE
      INSERT INTO partners.offer_spent AS s (offer_id, sandbox, slot, points)
      SELECT a.offer_id, a.sandbox, pg_backend_pid() % 16, sum(a.points)
      FROM (SELECT offer_id, sandbox, points - refunded AS points FROM award
            UNION ALL SELECT offer_id, sandbox, refunded - points FROM award_before) a
      JOIN partners.offer o ON o.id = a.offer_id AND o.budget IS NULL
      GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (offer_id, sandbox, slot) DO UPDATE SET points = s.points + excluded.points;
    END IF;
    RETURN NULL;
  END $$;
  CREATE OR REPLACE TRIGGER offer_award_counted_tg AFTER INSERT ON partners.offer_award
    REFERENCING NEW TABLE AS award
    FOR EACH STATEMENT EXECUTE FUNCTION partners.count_awards();
  CREATE OR REPLACE TRIGGER offer_award_recounted_tg AFTER UPDATE ON partners.offer_award
    REFERENCING OLD TABLE AS award_before NEW TABLE AS award
    FOR EACH STATEMENT EXECUTE FUNCTION partners.count_awards();
`;

/**
 * What was given before it was counted: all less what is counted, as one statement sees both. Nobody is kept
 * out, and again it comes to the same.
 */
const spentBefore = `
  INSERT INTO partners.offer_spent (offer_id, sandbox, slot, points)
  SELECT w.offer_id, w.sandbox, 16, sum(w.points - w.refunded) - coalesce((
    SELECT sum(s.points) FROM partners.offer_spent s
    WHERE s.offer_id = w.offer_id AND s.sandbox = w.sandbox AND s.slot < 16), 0)
  FROM partners.offer_award w JOIN partners.offer o ON o.id = w.offer_id AND o.budget IS NULL
  GROUP BY w.offer_id, w.sandbox
  ON CONFLICT (offer_id, sandbox, slot) DO UPDATE SET points = excluded.points`;

const indexes = [
  {
    name: 'partners.offer_ends_at_ix',
    on: 'partners.offer (ends_at) WHERE published_at IS NOT NULL',
  },
  {
    name: 'partners.offer_joint_ix',
    on: `partners.offer (partner_id) WHERE published_at IS NOT NULL AND funding <> '[]'`,
  },
];
