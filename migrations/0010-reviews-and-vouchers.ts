import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members' reviews; what rewards are found by, more kinds of them, and the codes that some are. */
export class ReviewsAndVouchers1763740800010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE community.review (
        id uuid CONSTRAINT review_pk PRIMARY KEY,
        member_id uuid NOT NULL,
        about_reward_id uuid,
        about_partner_id uuid,
        rating smallint NOT NULL CONSTRAINT review_rating_ck CHECK (rating BETWEEN 1 AND 5),
        title text,
        body text NOT NULL,
        verified boolean NOT NULL,
        created_at timestamptz NOT NULL,
        edited_at timestamptz,
        CONSTRAINT review_about_ck CHECK (num_nonnulls(about_reward_id, about_partner_id) = 1),
        CONSTRAINT review_member_id_about_reward_id_uq UNIQUE (member_id, about_reward_id),
        CONSTRAINT review_member_id_about_partner_id_uq UNIQUE (member_id, about_partner_id)
      );
      CREATE INDEX review_member_id_created_at_id_ix
        ON community.review (member_id, created_at, id);
      CREATE INDEX review_about_reward_id_created_at_id_ix
        ON community.review (about_reward_id, created_at, id);
      CREATE INDEX review_about_partner_id_created_at_id_ix
        ON community.review (about_partner_id, created_at, id);
      -- What is counted: without a look at the rows.
      CREATE INDEX review_about_reward_id_rating_ix ON community.review (about_reward_id, rating);
      CREATE INDEX review_about_partner_id_rating_ix ON community.review (about_partner_id, rating);

      ALTER TABLE rewards.reward
        DROP CONSTRAINT reward_kind_ck,
        ADD CONSTRAINT reward_kind_ck CHECK (kind IN ('PRODUCT', 'VOUCHER', 'GIFT_CARD', 'DISCOUNT',
          'FLIGHT', 'NIGHT', 'UPGRADE', 'EXPERIENCE', 'EVENT', 'EARLY_ACCESS', 'STATEMENT_CREDIT',
          'MEMBERSHIP'));

      ALTER TABLE rewards.reward
        ADD COLUMN categories text[] NOT NULL DEFAULT '{}',
        ADD COLUMN points bigint;
      UPDATE rewards.reward SET points = price.points
        FROM rewards.reward_price AS price WHERE reward_id = reward.id AND position = 0;
      ALTER TABLE rewards.reward
        ALTER COLUMN categories DROP DEFAULT,
        ALTER COLUMN points SET NOT NULL;
      CREATE INDEX reward_points_id_ix ON rewards.reward (points, id);
      CREATE INDEX reward_categories_ix ON rewards.reward USING gin (categories);

      CREATE TABLE rewards.voucher (
        redemption_id uuid NOT NULL
          CONSTRAINT voucher_redemption_id_fk REFERENCES rewards.redemption (id),
        position smallint NOT NULL CONSTRAINT voucher_position_ck CHECK (position >= 0),
        code_hash text NOT NULL CONSTRAINT voucher_code_hash_uq UNIQUE,
        sealed_code text NOT NULL,
        status text NOT NULL CONSTRAINT voucher_status_ck CHECK (status IN ('ISSUED')),
        CONSTRAINT voucher_pk PRIMARY KEY (redemption_id, position)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE rewards.voucher, community.review;
      ALTER TABLE rewards.reward
        DROP COLUMN categories,
        DROP COLUMN points,
        DROP CONSTRAINT reward_kind_ck,
        -- Rewards of the newer kinds stay: only what is written from here on is held to the older ones.
        ADD CONSTRAINT reward_kind_ck
          CHECK (kind IN ('PRODUCT', 'FLIGHT', 'NIGHT', 'UPGRADE', 'EXPERIENCE')) NOT VALID;
    `);
  }
}
