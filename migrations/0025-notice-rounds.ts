import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the day's round over all members has come, in which they are told what the calendar brings. */
export class NoticeRounds1763740800025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE members.notice_round (
        -- In the program's time zone.
        day date CONSTRAINT notice_round_pk PRIMARY KEY,
        -- The last member who was looked at; all of them once it has ended.
        after uuid NOT NULL,
        ended boolean NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE members.notice_round');
  }
}
