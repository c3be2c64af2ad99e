import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members are told, in the application and by e-mail. */
export class Notifications1763740800023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE members.notification (
        id uuid CONSTRAINT notification_pk PRIMARY KEY,
        member_id uuid NOT NULL
          CONSTRAINT notification_member_id_fk REFERENCES members.member (id),
        kind text NOT NULL,
        template text NOT NULL,
        args jsonb NOT NULL,
        -- What it tells of: nobody is told twice.
        once text NOT NULL,
        in_app boolean NOT NULL,
        created_at timestamptz NOT NULL,
        read_at timestamptz,
        -- Null where nothing is to be sent, or somebody is sending it.
        mail_due_at timestamptz,
        mail_tries integer NOT NULL DEFAULT 0,
        CONSTRAINT notification_member_id_once_uq UNIQUE (member_id, once)
      );
      CREATE INDEX notification_member_id_created_at_id_ix
        ON members.notification (member_id, created_at, id) WHERE in_app;
      CREATE INDEX notification_unread_ix
        ON members.notification (member_id) WHERE in_app AND read_at IS NULL;
      CREATE INDEX notification_mail_due_at_ix
        ON members.notification (mail_due_at) WHERE mail_due_at IS NOT NULL;

      CREATE TABLE members.notification_preference (
        member_id uuid CONSTRAINT notification_preference_member_id_fk REFERENCES members.member (id),
        kind text,
        channels text[] NOT NULL,
        CONSTRAINT notification_preference_pk PRIMARY KEY (member_id, kind),
        CONSTRAINT notification_preference_channels_ck
          CHECK (channels <@ ARRAY['IN_APP', 'EMAIL'])
      );

      -- What happened before there were notifications is no news.
      ALTER TABLE platform.outbox ADD COLUMN noticed_at timestamptz DEFAULT '-infinity';
      ALTER TABLE platform.outbox ALTER COLUMN noticed_at DROP DEFAULT;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE platform.outbox DROP COLUMN noticed_at;
      DROP TABLE members.notification_preference, members.notification;
    `);
  }
}
