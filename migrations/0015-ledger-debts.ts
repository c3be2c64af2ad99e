import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the few movements of members' debts among all. */
export class LedgerDebts1763740800015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX transfer_debt_ix ON ledger.transfer (posted_at) WHERE debt <> 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ledger.transfer_debt_ix;');
  }
}
