import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was active with which partner, by month, and what has changed since it was counted. */
export class ActiveMonths1763740800047 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partners.active_month (
        partner_id uuid CONSTRAINT active_month_partner_id_fk REFERENCES partners.partner (id),
        begins_at timestamptz,
        ends_at timestamptz NOT NULL,
        activities integer NOT NULL
          CONSTRAINT active_month_activities_ck CHECK (activities >= 0),
        CONSTRAINT active_month_pk PRIMARY KEY (partner_id, begins_at),
        CONSTRAINT active_month_ends_at_ck CHECK (ends_at > begins_at)
      );

      CREATE TABLE partners.active_members (
        partner_id uuid,
        begins_at timestamptz,
        block integer,
        -- A bit for each of the members whose places are the block's.
        members bit(8192) NOT NULL,
        CONSTRAINT active_members_pk PRIMARY KEY (partner_id, begins_at, block),
        CONSTRAINT active_members_partner_id_begins_at_fk FOREIGN KEY (partner_id, begins_at)
          REFERENCES partners.active_month (partner_id, begins_at) ON DELETE CASCADE
      );

      -- Which bit is whose: it says nothing of a member, and stays.
      CREATE TABLE partners.member_place (
        member_id uuid CONSTRAINT member_place_pk PRIMARY KEY,
        place integer NOT NULL CONSTRAINT member_place_place_uq UNIQUE
          CONSTRAINT member_place_place_ck CHECK (place >= 0)
      );

      CREATE TABLE partners.activity_change (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT activity_change_pk PRIMARY KEY,
        partner_id uuid NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL
      );
      CREATE INDEX activity_change_partner_id_first_at_ix
        ON partners.activity_change (partner_id, first_at);

      -- In the transaction that changes it, and without a row that two of them need: nobody waits.
      CREATE FUNCTION partners.note_recorded() RETURNS trigger
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        INSERT INTO partners.activity_change (partner_id, first_at, last_at)
        SELECT partner_id, min(occurred_at), max(occurred_at) FROM recorded
        WHERE NOT sandbox GROUP BY partner_id, date_trunc('month', occurred_at);
        RETURN NULL;
      END $$;
      CREATE FUNCTION partners.note_changed() RETURNS trigger
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        INSERT INTO partners.activity_change (partner_id, first_at, last_at)
        SELECT n.partner_id, min(n.occurred_at), max(n.occurred_at)
        FROM before b JOIN after n ON n.id = b.id
        WHERE NOT n.sandbox
          AND (n.member_id <> b.member_id OR (n.status = 'REFUNDED') <> (b.status = 'REFUNDED'))
        GROUP BY n.partner_id, date_trunc('month', n.occurred_at);
        RETURN NULL;
      END $$;
      COMMENT ON FUNCTION partners.note_recorded() IS
        'A trigger, since activities come in many ways, and a month may forget none.';
      CREATE TRIGGER activity_recorded_tg AFTER INSERT ON partners.activity
        REFERENCING NEW TABLE AS recorded
        FOR EACH STATEMENT EXECUTE FUNCTION partners.note_recorded();
      CREATE TRIGGER activity_changed_tg AFTER UPDATE ON partners.activity
        REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION partners.note_changed();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER activity_changed_tg ON partners.activity;
      DROP TRIGGER activity_recorded_tg ON partners.activity;
      DROP FUNCTION partners.note_changed(), partners.note_recorded();
      DROP TABLE partners.activity_change, partners.member_place, partners.active_members,
        partners.active_month;
    `);
  }
}
