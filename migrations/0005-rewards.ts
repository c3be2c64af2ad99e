import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rewards with their prices, and the redemptions of them. */
export class Rewards1763740800005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rewards.reward (
        id uuid NOT NULL CONSTRAINT reward_pk PRIMARY KEY,
        partner_id uuid NOT NULL,
        sku text NOT NULL,
        name text NOT NULL,
        description text,
        image_url text,
        kind text NOT NULL,
        status text NOT NULL,
        stock integer,
        created_at timestamptz NOT NULL,
        CONSTRAINT reward_partner_id_sku_uq UNIQUE (partner_id, sku),
        CONSTRAINT reward_kind_ck
          CHECK (kind IN ('PRODUCT', 'FLIGHT', 'NIGHT', 'UPGRADE', 'EXPERIENCE')),
        CONSTRAINT reward_status_ck CHECK (status IN ('DRAFT', 'PUBLISHED')),
        CONSTRAINT reward_stock_ck CHECK (stock >= 0)
      );
      CREATE INDEX reward_created_at_id_ix ON rewards.reward (created_at, id);
      CREATE INDEX reward_partner_id_created_at_id_ix ON rewards.reward (partner_id, created_at, id);

      CREATE TABLE rewards.reward_price (
        id uuid NOT NULL CONSTRAINT reward_price_pk PRIMARY KEY,
        reward_id uuid NOT NULL
          CONSTRAINT reward_price_reward_id_fk REFERENCES rewards.reward (id),
        position smallint NOT NULL,
        points bigint NOT NULL,
        CONSTRAINT reward_price_reward_id_position_uq UNIQUE (reward_id, position),
        CONSTRAINT reward_price_position_ck CHECK (position >= 0),
        CONSTRAINT reward_price_points_ck CHECK (points BETWEEN 1 AND 1000000000000)
      );

      CREATE TABLE rewards.redemption (
        id uuid NOT NULL CONSTRAINT redemption_pk PRIMARY KEY,
        number text NOT NULL,
        member_id uuid NOT NULL,
        partner_id uuid NOT NULL,
        reward_id uuid NOT NULL CONSTRAINT redemption_reward_id_fk REFERENCES rewards.reward (id),
        quantity integer NOT NULL,
        points bigint NOT NULL,
        status text NOT NULL,
        idempotency_key text NOT NULL,
        input_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT redemption_number_uq UNIQUE (number),
        CONSTRAINT redemption_member_id_idempotency_key_uq UNIQUE (member_id, idempotency_key),
        CONSTRAINT redemption_quantity_ck CHECK (quantity > 0),
        CONSTRAINT redemption_points_ck CHECK (points BETWEEN 1 AND 1000000000000),
        CONSTRAINT redemption_status_ck CHECK (status IN ('CONFIRMED'))
      );
      CREATE INDEX redemption_member_id_created_at_id_ix
        ON rewards.redemption (member_id, created_at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rewards.redemption, rewards.reward_price, rewards.reward');
  }
}
