import type { MigrationInterface, QueryRunner } from 'typeorm';
import { validate } from './busy-tables.ts';

/** Credits of disputes that were upheld are lines of a kind of their own. */
export class DisputeLines1763740800051 implements MigrationInterface {
  /** Each step stays done: all of them can be done again. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const { table, name, kinds } of checks) {
      await runner.query(anew({ table, name, kinds: [...kinds, 'DISPUTE'] }));
      await validate(runner, table, name);
    }
    // What was settled stays as it is; what is not on a statement yet will be there as what it is.
    await runner.query(`
      UPDATE partners.settlement_charge c SET kind = 'DISPUTE'
      WHERE c.kind = 'ADJUSTMENT'
        AND NOT EXISTS (SELECT FROM partners.settlement_line l WHERE l.movement_id = c.id)
    `);
  }

  /** Lines of closed statements stay as they are: the constraint is for those to come. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE partners.settlement_charge SET kind = 'ADJUSTMENT' WHERE kind = 'DISPUTE'`,
    );
    for (const check of checks) await runner.query(anew(check));
  }
}

interface KindCheck {
  table: string;
  name: string;
  kinds: string[];
}

const checks: KindCheck[] = [
  {
    table: 'partners.settlement_line',
    name: 'settlement_line_kind_ck',
    kinds: [
      'ISSUANCE',
      'ISSUANCE_REVERSAL',
      'REDEMPTION',
      'REDEMPTION_CANCELLATION',
      'FEE',
      'FUNDING_SHARE',
      'EXCHANGE',
      'ADJUSTMENT',
    ],
  },
  {
    table: 'partners.settlement_charge',
    name: 'settlement_charge_kind_ck',
    kinds: ['ADJUSTMENT', 'FUNDING_SHARE'],
  },
];

/** What was there before is looked at apart from it: whoever looks keeps nobody out. */
function anew({ table, name, kinds }: KindCheck): string {
  const among = kinds.map((kind) => `'${kind}'`).join(', ');
  return `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${name},
    ADD CONSTRAINT ${name} CHECK (kind IN (${among})) NOT VALID`;
}
