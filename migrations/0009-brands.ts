import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a brand shows of itself, why it was suspended, and API clients with keys of their own. */
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

      ALTER TABLE partners.api_client
        ADD keys jsonb,
        ALTER secret_hash DROP NOT NULL,
        ALTER sealed_until DROP NOT NULL,
        -- A client proves itself in one way.
        ADD CONSTRAINT api_client_keys_ck CHECK ((keys IS NULL) <> (secret_hash IS NULL));
      -- They answer more from now on: made anew from their files.
      DROP FUNCTION IF EXISTS partners.find_api_client(text), partners.api_clients_of(text);
    `);
  }

  /** Clients with keys are gone: what is left knows none. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION IF EXISTS partners.find_api_client(text), partners.api_clients_of(text);
      DELETE FROM partners.api_client WHERE secret_hash IS NULL;
      UPDATE partners.api_client SET sealed_until = created_at WHERE sealed_until IS NULL;
      ALTER TABLE partners.api_client
        DROP keys,
        ALTER secret_hash SET NOT NULL,
        ALTER sealed_until SET NOT NULL;
      ALTER TABLE partners.partner
        DROP brand_color, DROP logo_url, DROP details, DROP suspended_at, DROP suspended_because;
    `);
  }
}
