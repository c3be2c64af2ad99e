import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks are taken with a member's events in their order. */
export class Events1763740800049 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Their parameters change.
    await runner.query(`
      DROP FUNCTION IF EXISTS partners.take_webhook(integer, interval),
        partners.due_deliveries(uuid, integer);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS partners.take_webhook(integer, integer, interval),
        partners.due_deliveries(uuid, integer, integer);
    `);
  }
}
