import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What earn rules go by beyond an amount, and what they have given members whom their caps hold. */
export class EarnRules1763740800033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What was left out until now, as it was meant: bonuses counted for no tier.
      UPDATE partners.rule_set SET rules = (
        SELECT jsonb_agg(jsonb_build_object(
            'stackingGroup', NULL,
            'awards', CASE WHEN r.rule -> 'earn' ? 'spend' THEN 'BOTH' ELSE 'SPENDABLE' END,
            'base', '{"tax": true, "shipping": false, "beforeDiscount": false, "pointsPaid": false}'::jsonb,
            'roundedPer', 'ACTIVITY',
            'caps', '[]'::jsonb) || r.rule ORDER BY r.place)
        FROM jsonb_array_elements(rules) WITH ORDINALITY r (rule, place));

      -- The release before writes rules without it, until it has ended: they would stay as they are.
      ALTER TABLE partners.rule_set ADD CONSTRAINT rule_set_rules_ck
        CHECK (NOT jsonb_path_exists(rules, '$[*] ? (!exists(@.caps))'));

      -- What a rule with a cap has earned a member in a period.
      CREATE TABLE partners.earn_usage (
        member_id uuid NOT NULL,
        partner_id uuid NOT NULL,
        rule text NOT NULL,
        award text NOT NULL,
        per text NOT NULL,
        starts_on date NOT NULL,
        points bigint NOT NULL,
        -- Of them, what counts for the membership that this one was merged into.
        moved bigint NOT NULL DEFAULT 0,
        CONSTRAINT earn_usage_pk PRIMARY KEY (member_id, partner_id, rule, award, per, starts_on),
        CONSTRAINT earn_usage_partner_id_fk FOREIGN KEY (partner_id) REFERENCES partners.partner (id),
        CONSTRAINT earn_usage_award_ck CHECK (award IN ('SPENDABLE', 'QUALIFYING')),
        CONSTRAINT earn_usage_per_ck CHECK (per IN ('DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'EVER')),
        CONSTRAINT earn_usage_points_ck CHECK (points >= 0)
      );

      CREATE TABLE partners.collected_stamps (
        member_id uuid NOT NULL,
        partner_id uuid NOT NULL,
        code text NOT NULL,
        -- On the card in hand.
        stamps bigint NOT NULL,
        moved bigint NOT NULL DEFAULT 0,
        CONSTRAINT collected_stamps_pk PRIMARY KEY (member_id, partner_id, code),
        CONSTRAINT collected_stamps_partner_id_fk FOREIGN KEY (partner_id) REFERENCES partners.partner (id),
        CONSTRAINT collected_stamps_stamps_ck CHECK (stamps >= 0)
      );

      -- At last, since it keeps others out. A default that does not change is kept beside the table: no row
      -- is written.
      ALTER TABLE partners.activity
        -- Parts of the amount; the discount was taken off before it.
        ADD COLUMN tax numeric NOT NULL DEFAULT 0,
        ADD COLUMN shipping numeric NOT NULL DEFAULT 0,
        ADD COLUMN discount numeric NOT NULL DEFAULT 0,
        ADD COLUMN points_paid numeric NOT NULL DEFAULT 0,
        ADD COLUMN items jsonb;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE partners.collected_stamps, partners.earn_usage;
      ALTER TABLE partners.rule_set DROP CONSTRAINT rule_set_rules_ck;
      UPDATE partners.rule_set SET rules = (
        SELECT jsonb_agg(r.rule - '{stackingGroup,awards,base,roundedPer,caps}'::text[] ORDER BY r.place)
        FROM jsonb_array_elements(rules) WITH ORDINALITY r (rule, place));
      ALTER TABLE partners.activity
        DROP COLUMN tax, DROP COLUMN shipping, DROP COLUMN discount, DROP COLUMN points_paid,
        DROP COLUMN items;
    `);
  }
}
