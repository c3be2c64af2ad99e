import { randomUUID } from 'node:crypto';
import { accruePoints, auditLedger, counterBalances } from '../../ledger/index.ts';
import { limits } from '../../platform/limits.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenAgreed } from '../support/given-partners.ts';
import { anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { runJob } from '../support/jobs.ts';
import { race } from '../support/race.ts';
import { until } from '../support/until.ts';

describe('jobs', () => {
  const test = useTestDatabase();
  /** Runs a job under the worker's role. @returns how many it did */
  const run = (
    name: string,
    jobRowsMax: number = limits.jobRowsMax,
    ledgerMonths: number | null = null,
  ) => runJob(test, name, { limits: { ...limits, jobRowsMax }, ledgerMonths });
  /** The same, where a run's time is over after its first step. */
  const runOnce = (name: string, jobRowsMax: number) =>
    runJob(test, name, { limits: { ...limits, jobRowsMax, jobMs: 0 } });
  const values = async (sql: string) =>
    (await rows<{ value: unknown }>(test.owner(), sql)).map(({ value }) => value);

  describe('clear-verifications', () => {
    beforeEach(() => rows(test.owner(), 'DELETE FROM members.verification'));
    const left = () =>
      values('SELECT email AS value FROM members.verification ORDER BY expires_at');

    it('clears those that expired more than a day ago, and no other', async () => {
      await givenVerifications('25 hours', 'old@example.com');
      await givenVerifications('23 hours', 'yesterday@example.com');
      await givenVerifications('-10 minutes', 'open@example.com');

      expect(await run('clear-verifications')).toBe(1);

      expect(await left()).toEqual(['yesterday@example.com', 'open@example.com']);
      expect(await run('clear-verifications')).toBe(0);
    });

    it('takes as many as it may at a time, the oldest first, and goes on', async () => {
      for (const days of [5, 3, 4]) {
        await givenVerifications(`${days} days`, `${days}@example.com`);
      }

      expect(await runOnce('clear-verifications', 2)).toBe(2);
      expect(await left()).toEqual(['3@example.com']);

      await givenVerifications('2 days', '2@example.com', 4);
      expect(await run('clear-verifications', 2)).toBe(5);
      expect(await left()).toEqual([]);
    });

    it('clears each once where several are at it', async () => {
      await givenVerifications('2 days', 'old@example.com', 200);

      const { answers, reasons } = await race(test.db('worker'), 4, () =>
        run('clear-verifications', 150),
      );

      expect(reasons).toEqual([]);
      expect(sum(answers)).toBe(200 - (await left()).length);
      expect(await run('clear-verifications')).toBe(200 - sum(answers));
    });

    function givenVerifications(expiredAgo: string, email: string, times = 1): Promise<unknown> {
      return rows(
        test.owner(),
        `INSERT INTO members.verification
           (id, email, email_key, mailed, locale, marketing_opt_in, created_at, expires_at)
         SELECT gen_random_uuid(), $1, $1, true, 'en', false, now(), now() - $2::interval
         FROM generate_series(1, $3)`,
        [email, expiredAgo, times],
      );
    }
  });

  describe('forget-client-secrets', () => {
    const sealed = () =>
      values('SELECT sealed_secret IS NOT NULL AS value FROM partners.api_client ORDER BY name');
    const hashes = () => values('SELECT secret_hash AS value FROM partners.api_client ORDER BY 1');
    beforeAll(async () => {
      for (const name of ['a', 'b', 'c']) {
        const partnerId = await givenAgreed(test);
        await rows(test.owner(), 'UPDATE partners.api_client SET name = $1 WHERE partner_id = $2', [
          name,
          partnerId,
        ]);
      }
    });
    beforeEach(() =>
      rows(
        test.owner(),
        `UPDATE partners.api_client
         SET sealed_secret = 'sealed', sealed_until = now() + interval '1 minute'`,
      ),
    );

    it('forgets what is shown no more, and leaves the hash by which tokens are given', async () => {
      const before = await hashes();
      await endTime('b');

      expect(await run('forget-client-secrets')).toBe(1);

      expect(await sealed()).toEqual([true, false, true]);
      expect(await hashes()).toEqual(before);
      expect(await run('forget-client-secrets')).toBe(0);
    });

    it('forgets what was replaced and works no more, with the secret that was shown again', async () => {
      const [{ clientId }] = (await rows(
        test.owner(),
        'SELECT client_id AS "clientId" FROM partners.api_client LIMIT 1',
      )) as [{ clientId: string }];
      await rows(
        test.owner(),
        `INSERT INTO partners.client_rotation
           (id, client_id, former_secret_hash, former_keys, former_until, caller, input_hash,
            sealed_secret, sealed_until)
         SELECT gen_random_uuid(), $1, hash, keys::jsonb, now() + until::interval, 'ADMIN', name,
                sealed, CASE WHEN sealed IS NOT NULL THEN now() + shown::interval END
         FROM (VALUES ('over', 'x', NULL, '-1 second', 'y', '-23 hours'),
                      ('keys', NULL, '[]', '-1 second', NULL, NULL),
                      ('works', 'x', NULL, '1 hour', 'y', '-1 second'),
                      ('shown', 'x', NULL, '23 hours', 'y', '1 minute'))
              AS r (name, hash, keys, until, sealed, shown)`,
        [clientId],
      );

      expect(await run('forget-client-secrets')).toBe(3);

      expect(
        await values(
          `SELECT concat_ws(' ', input_hash, former_secret_hash, former_keys, sealed_secret) AS value
           FROM partners.client_rotation ORDER BY input_hash`,
        ),
      ).toEqual(['keys', 'over', 'shown x y', 'works x']);
      expect(await run('forget-client-secrets')).toBe(0);
    });

    it('takes as many as it may', async () => {
      await endTime('a', 'b', 'c');

      expect(await run('forget-client-secrets', 2)).toBe(2);

      expect((await sealed()).filter(Boolean)).toHaveLength(1);
    });

    it('forgets each once where several are at it', async () => {
      await endTime('a', 'b', 'c');

      const { answers, reasons } = await race(test.db('worker'), 4, () =>
        run('forget-client-secrets'),
      );

      expect(reasons).toEqual([]);
      expect(sum(answers)).toBe(3);
      expect(await sealed()).toEqual([false, false, false]);
    });

    function endTime(...names: string[]): Promise<unknown> {
      return rows(
        test.owner(),
        `UPDATE partners.api_client SET sealed_until = now() - interval '1 second'
         WHERE name = ANY ($1)`,
        [names],
      );
    }
  });

  describe('clear-identity-records', () => {
    beforeEach(() => rows(test.owner(), 'DELETE FROM identity.oidc_record'));
    const left = () => values('SELECT id AS value FROM identity.oidc_record ORDER BY expires_at');

    it('clears what has expired, and nothing else', async () => {
      await givenRecords('1 second', 'old');
      await givenRecords('-1 minute', 'live');

      expect(await run('clear-identity-records')).toBe(1);

      expect(await left()).toEqual(['live1']);
      expect(await run('clear-identity-records')).toBe(0);
    });

    it('takes as many as it may at a time, the oldest first, and goes on', async () => {
      await givenRecords('1 day', 'older', 2);
      await givenRecords('1 hour', 'old');

      expect(await runOnce('clear-identity-records', 2)).toBe(2);
      expect(await left()).toEqual(['old1']);

      await givenRecords('1 minute', 'newer', 6);
      expect(await run('clear-identity-records', 2)).toBe(7);
      expect(await left()).toEqual([]);
    });

    it('clears each once where several are at it', async () => {
      await givenRecords('1 day', 'old', 300);

      const { answers, reasons } = await race(test.db('worker'), 4, () =>
        run('clear-identity-records', 100),
      );

      expect(reasons).toEqual([]);
      expect(sum(answers)).toBe(300 - (await left()).length);
    });

    function givenRecords(expiredAgo: string, id: string, times = 1): Promise<unknown> {
      return rows(
        test.owner(),
        `INSERT INTO identity.oidc_record (model, id, payload, expires_at)
         SELECT 'Session', $1 || n, '{}', now() - $2::interval FROM generate_series(1, $3) n`,
        [id, expiredAgo, times],
      );
    }
  });

  describe('of the ledger', () => {
    it('settle what is due, roll up and seal all that is posted', async () => {
      const issuerId = await givenLedgerPartner(test);
      // By the database's clock they have expired long since.
      for (const points of [1n, 2n, 3n]) {
        const expiresAt = new Date(noon.getTime() + 1);
        const memberId = randomUUID();
        await accruePoints(
          test.db('partners'),
          anAccrual({ memberId, issuerId, points, expiresAt }),
        );
      }

      expect(await run('settle-ledger')).toBe(3);

      expect(await run('settle-ledger')).toBe(0);
      // What runs on the same server may hold these up for a moment.
      let [rolledUp, sealed] = [0, 0];
      await until(async () => (rolledUp += await run('roll-up-ledger')) === 6);
      const acts = Number((await values('SELECT count(*) AS value FROM platform.audit_event'))[0]);
      await until(async () => (sealed += await run('seal-ledger')) === 6 + acts);
      const breakage = await counterBalances(test.db('partners'), { kind: 'OPERATOR_BREAKAGE' });
      expect(breakage.map(({ points }) => points)).toEqual([6n]);
      expect(await auditLedger(test.owner())).toEqual([]);
    });

    it('set apart the months that the setting leaves out, and none without it', async () => {
      await rows(
        test.owner(),
        `SELECT ledger.make_months((now() - interval '5 months')::date, (now() - interval '4 months')::date)`,
      );
      const apart = () => values('SELECT month AS value FROM ledger.detached_month');

      expect(await run('detach-ledger-months')).toBe(0);
      expect(await apart()).toEqual([]);
      expect(await run('detach-ledger-months', 1, 5)).toBe(0);

      expect(await run('detach-ledger-months', 1, 3)).toBe(2);

      expect(await apart()).toHaveLength(2);
      expect(await run('detach-ledger-months', 1, 3)).toBe(0);
    });
  });

  it.each([
    'seal-ledger',
    'close-ledger-months',
    'detach-ledger-months',
    'erase-members',
    'fit-lifetime-value',
  ])('take the connections that are for long steps: %s', async (name) => {
    const longDb = { transaction: () => Promise.reject(new Error('taken')) };

    await expect(runJob(test, name, { longDb: longDb as never, ledgerMonths: 3 })).rejects.toThrow(
      'taken',
    );
  });

  it('refuse a negative bound, and change nothing', async () => {
    await rows(
      test.owner(),
      `INSERT INTO identity.oidc_record (model, id, payload, expires_at)
       VALUES ('Session', $1, '{}', now() - interval '1 hour')`,
      [randomUUID()],
    );
    const before = await values('SELECT id AS value FROM identity.oidc_record');

    await expect(run('clear-identity-records', -1)).rejects.toMatchObject({
      driverError: { code: '2201W' },
    });

    expect(await values('SELECT id AS value FROM identity.oidc_record')).toEqual(before);
  });
});

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
