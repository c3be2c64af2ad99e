import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Campaigns: who has opted in, what each may give in all, and what it gave for which activity. */
export class Offers1763740800040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partners.offer (
        id uuid CONSTRAINT offer_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT offer_partner_id_fk REFERENCES partners.partner,
        -- Counts what a draft has been: compiled rules are kept by it.
        version integer NOT NULL,
        title text NOT NULL,
        description text,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        opt_in boolean NOT NULL,
        -- Codes; empty for all.
        tiers text[] NOT NULL,
        segments text[] NOT NULL,
        budget bigint,
        -- Empty where the partner pays alone.
        funding jsonb NOT NULL,
        rules jsonb NOT NULL,
        published_at timestamptz,
        -- Where it was ended before its time.
        ended_at timestamptz,
        CONSTRAINT offer_ends_at_ck CHECK (ends_at > starts_at),
        CONSTRAINT offer_ended_at_ck CHECK (
          ended_at IS NULL OR (ended_at < ends_at AND published_at IS NOT NULL)),
        CONSTRAINT offer_budget_ck CHECK (budget > 0)
      );
      CREATE INDEX offer_partner_id_starts_at_id_ix ON partners.offer (partner_id, starts_at, id);
      CREATE INDEX offer_starts_at_id_ix ON partners.offer (starts_at, id);
      -- What recording an activity looks for.
      CREATE INDEX offer_published_ix ON partners.offer (partner_id, ends_at)
        WHERE published_at IS NOT NULL;

      -- What is left of a budget: the live one, and that of the sandbox, which has as much.
      CREATE TABLE partners.offer_budget (
        offer_id uuid NOT NULL CONSTRAINT offer_budget_offer_id_fk REFERENCES partners.offer,
        sandbox boolean NOT NULL,
        points bigint NOT NULL,
        spent bigint NOT NULL,
        CONSTRAINT offer_budget_pk PRIMARY KEY (offer_id, sandbox),
        CONSTRAINT offer_budget_spent_ck CHECK (spent BETWEEN 0 AND points)
      );

      CREATE TABLE partners.offer_activation (
        offer_id uuid NOT NULL CONSTRAINT offer_activation_offer_id_fk REFERENCES partners.offer,
        member_id uuid NOT NULL,
        -- The membership that did it: another one, where that was merged into the member's.
        activated_by uuid NOT NULL,
        activated_at timestamptz NOT NULL,
        CONSTRAINT offer_activation_pk PRIMARY KEY (member_id, offer_id, activated_by)
      );

      -- What an offer gave for an activity, of points to spend: refunds and settlements go by it.
      CREATE TABLE partners.offer_award (
        activity_id uuid NOT NULL CONSTRAINT offer_award_activity_id_fk REFERENCES partners.activity,
        offer_id uuid NOT NULL CONSTRAINT offer_award_offer_id_fk REFERENCES partners.offer,
        sandbox boolean NOT NULL,
        points bigint NOT NULL,
        -- Of them, what was taken back.
        refunded bigint NOT NULL DEFAULT 0,
        CONSTRAINT offer_award_pk PRIMARY KEY (activity_id, offer_id),
        CONSTRAINT offer_award_points_ck CHECK (points > 0),
        CONSTRAINT offer_award_refunded_ck CHECK (refunded BETWEEN 0 AND points)
      );
      CREATE INDEX offer_award_offer_id_ix ON partners.offer_award (offer_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE partners.offer_award, partners.offer_activation, partners.offer_budget, partners.offer;
    `);
  }
}
