import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a brand shows of itself, and why it was suspended. */
export class Brands1763740800009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE partners.partner
        ADD brand_color text CONSTRAINT partner_brand_color_ck
          CHECK (brand_color ~ '^#[0-9a-f]{6}$'),
        ADD logo_url text,
        ADD details jsonb,
        ADD suspended_at timestamptz,
        ADD suspended_because text,
        ADD CONSTRAINT partner_details_ck CHECK (details ->> 'kind' = kind);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE partners.partner
        DROP brand_color, DROP logo_url, DROP details, DROP suspended_at, DROP suspended_because;
    `);
  }
}
