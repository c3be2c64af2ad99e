import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mail to staff, in their language; and webhooks that are taken with a member's events in their order. */
export class Events1763740800049 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members.staff ADD COLUMN locale text NOT NULL DEFAULT 'en';

      CREATE TABLE members.staff_mail (
        id uuid CONSTRAINT staff_mail_pk PRIMARY KEY,
        staff_id uuid NOT NULL
          CONSTRAINT staff_mail_staff_id_fk REFERENCES members.staff (id),
        template text NOT NULL,
        args jsonb NOT NULL,
        -- The event that it tells of: nobody is told twice.
        event_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        -- Null where nothing is to be sent, or somebody is sending it.
        due_at timestamptz,
        tries integer NOT NULL DEFAULT 0,
        CONSTRAINT staff_mail_staff_id_event_id_uq UNIQUE (staff_id, event_id)
      );
      CREATE INDEX staff_mail_due_at_ix ON members.staff_mail (due_at) WHERE due_at IS NOT NULL;

      -- Their parameters change.
      DROP FUNCTION IF EXISTS partners.take_webhook(integer, interval);
      DROP FUNCTION IF EXISTS partners.due_deliveries(uuid, integer);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS partners.take_webhook(integer, integer, interval),
        partners.due_deliveries(uuid, integer, integer);
      DROP FUNCTION IF EXISTS members.mail_staff(jsonb), members.take_staff_mail(),
        members.retry_staff_mail(uuid), members.hears_of(members.staff, text), members.staff_events();
      DROP TABLE members.staff_mail;
      ALTER TABLE members.staff DROP COLUMN locale;
    `);
  }
}
