import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PartName, partNames, roleOf } from '../../platform/config.ts';
import { rows } from '../../platform/database.ts';
import { root } from '../../platform/root.ts';
import { openPools } from '../../worker/pools.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';

const schemaOf: Record<PartName, string> = {
  members: 'members',
  partners: 'partners',
  'rewards-catalog': 'rewards',
  community: 'community',
  identity: 'identity',
  worker: 'pgboss',
};
const permissionDenied = expect.objectContaining({
  driverError: expect.objectContaining({ code: '42501' }),
}) as unknown;

describe('the database role of each part', () => {
  const test = useTestDatabase();

  it('is neither superuser nor owner of anything', async () => {
    const owning = await rows(
      test.owner(),
      `SELECT rolname FROM pg_roles r
       WHERE rolname = ANY ($1) AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls
         OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)
         OR EXISTS (SELECT FROM pg_proc WHERE proowner = r.oid)
         OR EXISTS (SELECT FROM pg_namespace WHERE nspowner = r.oid)
         OR has_database_privilege(r.oid, current_database(), 'CREATE'))`,
      [partNames.map(roleOf)],
    );

    expect(owning).toEqual([]);
  });

  it.each(partNames)('of %s reads no other part’s tables', async (part) => {
    const tables = await rows<{ name: string }>(
      test.owner(),
      `SELECT schemaname || '.' || quote_ident(tablename) AS name FROM pg_tables
       WHERE schemaname = ANY ($1) AND schemaname <> $2`,
      [[...Object.values(schemaOf), 'public', 'platform'], schemaOf[part]],
    );
    expect(tables.length).toBeGreaterThan(3);

    // The audit log is the platform's, and members show it to staff.
    const closed = tables.filter(
      ({ name }) => part !== 'members' || name !== 'platform.audit_event',
    );
    for (const { name } of closed) {
      await expect(rows(test.db(part), `SELECT * FROM ${name}`)).rejects.toEqual(permissionDenied);
    }
  });

  it.each(partNames)('of %s writes no row of the ledger', async (part) => {
    const tables = await rows<{ name: string }>(
      test.owner(),
      `SELECT tablename AS name FROM pg_tables
       WHERE schemaname = 'ledger' AND tablename !~ '^transfer_' AND tablename <> 'staged_accrual'`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name: table } of tables) {
      for (const statement of [
        `DELETE FROM ledger.${table}`,
        `INSERT INTO ledger.${table} DEFAULT VALUES`,
      ]) {
        await expect(rows(test.db(part), statement)).rejects.toEqual(permissionDenied);
      }
    }
    await expect(rows(test.db(part), 'UPDATE ledger.account SET balance = 1')).rejects.toEqual(
      permissionDenied,
    );
    await expect(rows(test.db(part), 'UPDATE ledger.lot SET remaining = 1')).rejects.toEqual(
      permissionDenied,
    );
  });

  it.each(['identity', 'worker'] as const)('of %s has no way to points', async (part) => {
    await expect(rows(test.db(part), 'SELECT * FROM ledger.account')).rejects.toEqual(
      permissionDenied,
    );
    await expect(
      rows(test.db(part), `SELECT ledger.open_partner(gen_random_uuid())`),
    ).rejects.toEqual(permissionDenied);
  });

  it('of the worker takes on the partners’ for imports alone', async () => {
    const taken = await rows(
      test.owner(),
      `SELECT roleid::regrole::text AS role, inherit_option AS inherits, admin_option AS grants
       FROM pg_auth_members WHERE member = 'coalition_worker'::regrole`,
    );
    const pools = await openPools(test.url(roleOf('worker')), testConfig().limits);

    const [imports, others] = await Promise.all(
      [pools.partnersDb, pools.longDb].map((db) =>
        rows(db, 'SELECT FROM partners.activity').catch(() => 'denied'),
      ),
    );
    await pools.close();

    expect(taken).toEqual([{ role: 'coalition_partners', inherits: false, grants: false }]);
    expect([imports, others]).toEqual([[], 'denied']);
  });

  it('of the worker makes no tables, months of its own choice or queues', async () => {
    for (const statement of [
      'CREATE TABLE pgboss.mine (id integer)',
      'CREATE SCHEMA mine',
      'DROP TABLE pgboss.job',
      `SELECT ledger.make_months('2030-01-01', '2040-01-01')`,
      'SELECT ledger.keep_xacts_rising()',
      `SELECT pgboss.create_queue('mine', '{}')`,
    ]) {
      await expect(rows(test.db('worker'), statement)).rejects.toEqual(permissionDenied);
    }
  });

  it.each(partNames)(
    'of %s calls no function that is for others, or for the ledger alone',
    async (part) => {
      const callable = await rows<{ name: string }>(
        test.owner(),
        `SELECT n.nspname || '.' || p.proname AS name
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname IN
             ('platform', 'ledger', 'members', 'partners', 'rewards', 'community', 'identity', 'pgboss')
           AND has_function_privilege($1, p.oid, 'EXECUTE')
         ORDER BY 1`,
        [roleOf(part)],
      );

      expect(callable.map(({ name }) => name)).toEqual(callableBy[part]);
    },
  );

  it('may call what docs/published-functions.md lists, and nothing else', () => {
    const page = readFileSync(join(root, 'docs/published-functions.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `(\w+\.\w+)\(/gm)].map(([, name]) => name);

    expect(new Set(listed)).toEqual(new Set(Object.values(callableBy).flat()));
  });

  it('may add to the outbox, and neither read nor change it', async () => {
    const insert = `INSERT INTO platform.outbox (id, type, payload, occurred_at)
                    VALUES (gen_random_uuid(), 'test.done', '{}', now())`;

    await rows(test.db('members'), insert);

    await expect(rows(test.db('members'), 'SELECT * FROM platform.outbox')).rejects.toEqual(
      permissionDenied,
    );
    await expect(rows(test.db('members'), 'DELETE FROM platform.outbox')).rejects.toEqual(
      permissionDenied,
    );
    for (const part of ['identity', 'worker'] as const) {
      await expect(rows(test.db(part), insert)).rejects.toEqual(permissionDenied);
    }
  });
});

/** The reviewed list of what may be called across schemas: docs/published-functions.md. */
const callableBy: Record<PartName, string[]> = {
  members: [
    'community.count_authors',
    'community.move_member',
    'ledger.cohorts',
    'ledger.earned_of',
    'ledger.outstanding',
    'ledger.outstanding_summed',
    'ledger.pending_at',
    'ledger.points_of',
    'ledger.post',
    'ledger.quote_conversion',
    'ledger.save_currency',
    'ledger.set_policy',
    'ledger.statement',
    'members.business_tiers',
    'members.channels_of',
    'members.draw_member_number',
    'members.hold_back',
    'members.judge_spending',
    'members.lock_standings',
    'members.may',
    'members.membership_of',
    'members.notice_kinds',
    'members.noticed_events',
    'members.open_erasure',
    'members.place_in_segments',
    'members.resolve',
    'members.segment_conditions',
    'members.segment_facts',
    'members.settle_tiers',
    'members.tier_progress',
    'members.tiers_of',
    'partners.contract_currencies',
    'partners.is_revoked',
    'partners.link_keys',
    'partners.lowest_redemption_rate',
    'partners.move_member',
    'partners.purchases_between',
    'partners.redemption_terms',
    'partners.returns_of',
    'partners.snapshot',
    'platform.forget_acts',
    'platform.forget_member_acts',
    'platform.record_act',
    'rewards.move_member',
  ],
  partners: [
    'ledger.add_rate',
    'ledger.close_staged_file',
    'ledger.earned_of',
    'ledger.end_rate',
    'ledger.lock_available',
    'ledger.open_partner',
    'ledger.open_staged_file',
    'ledger.points_of',
    'ledger.post',
    'ledger.post_staged',
    'ledger.quote_conversion',
    'ledger.safe_xact',
    'ledger.statement',
    'members.enrol_provisional',
    'members.have_tried_redeeming',
    'members.hold_terms',
    'members.may',
    'members.negative_limit',
    'members.of_sandbox',
    'members.program',
    'members.qualify',
    'members.redeemed_with',
    'members.resolve',
    'members.resolve_all',
    'members.snapshot',
    'members.unknown_codes',
    'partners.activity_events',
    'partners.is_revoked',
    'platform.record_act',
    'rewards.redemption_terms',
  ],
  'rewards-catalog': [
    'ledger.earned_of',
    'ledger.lock_available',
    'ledger.open_cause',
    'ledger.points_of',
    'ledger.post',
    'ledger.quote_conversion',
    'ledger.statement',
    'members.hold_back',
    'members.household_of',
    'members.is_erased',
    'members.judge_spending',
    'members.keep_household',
    'members.may',
    'members.snapshot',
    'members.spending_limit_of',
    'partners.contract_currencies',
    'partners.is_revoked',
    'partners.live',
    'partners.snapshot',
    'platform.record_act',
  ],
  community: [
    'ledger.earned_of',
    'ledger.points_of',
    'ledger.post',
    'ledger.quote_conversion',
    'ledger.statement',
    'members.may',
    'members.snapshot',
    'partners.is_revoked',
    'partners.live',
    'partners.was_active',
    'platform.record_act',
    'rewards.has_redeemed',
    'rewards.published',
  ],
  identity: [
    'members.accept_staff_invitation',
    'members.enrol_verified',
    'members.invited_staff',
    'members.is_signed_in',
    'members.open_sign_in',
    'members.open_staff_sign_in',
    'members.resolve',
    'members.signed_in_staff',
    'members.staff_at',
    'partners.api_clients_of',
    'partners.find_api_client',
    'partners.former_hashes',
    'partners.touch_api_client',
  ],
  worker: [
    'community.erase_member',
    'community.export_member',
    'identity.clear_records',
    'identity.clear_sign_in_codes',
    'identity.erase_member',
    'identity.export_member',
    'ledger.close_months',
    'ledger.detach_month',
    'ledger.export_member',
    'ledger.make_months_ahead',
    'ledger.roll_up',
    'ledger.seal',
    'ledger.settle_due',
    'ledger.watch_inactive',
    'members.addresses_of',
    'members.clear_exports',
    'members.clear_identifiers',
    'members.clear_invitations',
    'members.clear_verifications',
    'members.clear_wallet_tokens',
    'members.close_conversions',
    'members.erase_member',
    'members.expire_risk_cases',
    'members.export_member',
    'members.finish_export',
    'members.forfeit_late_points',
    'members.forward_merged',
    'members.keep_export_piece',
    'members.keep_lifetime_value',
    'members.keep_receipt',
    'members.keep_segment_step',
    'members.lifetime_value_due',
    'members.may',
    'members.notice_events',
    'members.notice_members',
    'members.place_in_segments',
    'members.put_off_erasure',
    'members.put_off_export',
    'members.retry_mail',
    'members.retry_staff_mail',
    'members.review_tiers',
    'members.reward_next_referral',
    'members.segment_conditions',
    'members.segment_facts',
    'members.snapshot',
    'members.take_erasure',
    'members.take_export',
    'members.take_mail',
    'members.take_segment_step',
    'members.take_staff_mail',
    'partners.buyers',
    'partners.clear_replays',
    'partners.clear_webhook_deliveries',
    'partners.count_months',
    'partners.counted_before',
    'partners.delivery_backlog',
    'partners.erase_member',
    'partners.export_member',
    'partners.forget_secrets',
    'partners.keep_replay_part',
    'partners.keep_webhook_attempts',
    'partners.list_replay',
    'partners.put_off_replay',
    'partners.queue_webhooks',
    'partners.replayed_activities',
    'partners.take_replay',
    'partners.take_webhook',
    'partners.terminate_due',
    'rewards.erase_member',
    'rewards.export_member',
  ],
};
