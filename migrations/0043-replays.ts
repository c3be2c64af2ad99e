import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What partners would have paid under other rules, and what of it is still to be worked out. */
export class Replays1763740800043 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partners.replay (
        id uuid CONSTRAINT replay_pk PRIMARY KEY,
        partner_id uuid NOT NULL CONSTRAINT replay_partner_id_fk REFERENCES partners.partner (id),
        rule_set_id uuid NOT NULL CONSTRAINT replay_rule_set_id_fk REFERENCES partners.rule_set (id),
        -- Both count.
        first_day date NOT NULL,
        last_day date NOT NULL,
        status text NOT NULL
          CONSTRAINT replay_status_ck CHECK (status IN ('RUNNING', 'DONE', 'FAILED')),
        -- Of the contracts of the period; null where they have several, or there is none.
        currency text,
        started_at timestamptz NOT NULL,
        finished_at timestamptz,
        -- Whether its parts are there, and when a worker was at it last.
        listed boolean NOT NULL,
        worked_at timestamptz NOT NULL,
        faults integer NOT NULL,
        -- Of the parts that are done.
        activities integer NOT NULL,
        points_then bigint NOT NULL,
        points_now bigint NOT NULL,
        cost_then numeric NOT NULL,
        cost_now numeric NOT NULL,
        members_better_off integer NOT NULL,
        members_worse_off integer NOT NULL,
        CONSTRAINT replay_last_day_ck CHECK (last_day >= first_day),
        CONSTRAINT replay_finished_at_ck CHECK ((finished_at IS NULL) = (status = 'RUNNING'))
      );
      CREATE INDEX replay_running_ix ON partners.replay (worked_at) WHERE status = 'RUNNING';
      CREATE INDEX replay_partner_id_running_ix
        ON partners.replay (partner_id, started_at, id) WHERE status = 'RUNNING';
      CREATE INDEX replay_started_at_ix ON partners.replay (started_at);

      -- What is still to be replayed: all activities of some members, by member and time.
      CREATE TABLE partners.replay_part (
        replay_id uuid CONSTRAINT replay_part_replay_id_fk
          REFERENCES partners.replay (id) ON DELETE CASCADE,
        place integer,
        activity_ids uuid[] NOT NULL,
        CONSTRAINT replay_part_pk PRIMARY KEY (replay_id, place)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE partners.replay_part; DROP TABLE partners.replay');
  }
}
