import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members' posts. */
export class Community1763740800006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE community.post (
        id uuid NOT NULL CONSTRAINT post_pk PRIMARY KEY,
        member_id uuid NOT NULL,
        kind text NOT NULL,
        title text NOT NULL,
        body text NOT NULL,
        topics text[] NOT NULL,
        about_reward_id uuid,
        about_partner_id uuid,
        idempotency_key text NOT NULL,
        input_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT post_member_id_idempotency_key_uq UNIQUE (member_id, idempotency_key),
        CONSTRAINT post_kind_ck CHECK (kind IN ('TIP', 'QUESTION', 'STORY')),
        CONSTRAINT post_about_ck CHECK (num_nonnulls(about_reward_id, about_partner_id) <= 1)
      );
      CREATE INDEX post_created_at_id_ix ON community.post (created_at, id);
      CREATE INDEX post_kind_created_at_id_ix ON community.post (kind, created_at, id);
      CREATE INDEX post_member_id_created_at_id_ix ON community.post (member_id, created_at, id);
      CREATE INDEX post_topics_ix ON community.post USING gin (topics);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE community.post');
  }
}
