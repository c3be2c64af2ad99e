import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Points of the sandbox. */
export class SandboxAndClaims1763740800042 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // Whoever signs a contract from now on has these.
    await runner.query(`
      INSERT INTO ledger.counter_account (kind, owner)
      SELECT k.kind, p.id FROM partners.partner p
      CROSS JOIN unnest(ARRAY['PARTNER_ISSUANCE', 'PARTNER_REDEMPTION', 'PARTNER_WRITE_OFF']) k (kind)
      ON CONFLICT DO NOTHING`);
    await runner.query(`
      INSERT INTO ledger.currency (code, name, kind, time_zone)
      SELECT 'test', 'Test points', 'SPENDABLE', time_zone FROM ledger.currency WHERE code = 'PTS'
      ON CONFLICT DO NOTHING`);
  }

  /** What the books have got stays in them. */
  async down(): Promise<void> {}
}
