import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { consentingMembers, resolveMember } from '../../../platform/members.ts';
import { Member } from '../../../subgraphs/members/entities.ts';
import { publicWalletKeys } from '../../../subgraphs/members/identifiers/wallet-keys.ts';
import { createWalletToken } from '../../../subgraphs/members/identifiers/wallet-tokens.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { refusal } from '../../support/refusal.ts';
import { partnerViewer } from '../../support/subgraph.ts';

describe('a wallet token', () => {
  const test = useTestDatabase();
  const { sealKey } = testConfig();
  const make = (memberId: string) =>
    createWalletToken(test.db('members'), { memberId, clock: databaseClock, sealKey });
  const show = (walletToken: string, partnerId: string | null, sandbox = false) =>
    resolveMember(test.db('members'), { walletToken } as never, { partnerId, sandbox });
  const may = async (memberId: string, partnerId: string) => {
    const asked = [{ memberId, by: { partnerId, sandbox: false } }];
    const scopes = ['EARN', 'SPEND', 'READ_BALANCE', 'READ_PROFILE', null] as const;
    const held = await Promise.all(
      scopes.map((scope) => consentingMembers(test.db('partners'), asked, scope)),
    );
    return scopes.filter((_, index) => held[index]!.size > 0);
  };
  const age = (interval: string) =>
    rows(
      test.owner(),
      `UPDATE members.wallet_token
       SET expires_at = expires_at - $1::interval, used_at = used_at - $1::interval`,
      [interval],
    );

  it('is a short signed text that names nobody, and is not kept', async () => {
    const id = await givenMember(test);

    const { token, expiresAt } = await make(id);

    expect(token.length).toBeLessThan(220);
    const keys = createLocalJWKSet(
      JSON.parse(await publicWalletKeys(test.db('members'), sealKey)) as never,
    );
    const { payload } = await jwtVerify(token, keys);
    expect(Object.keys(payload).sort()).toEqual(['exp', 'jti']);
    expect(payload.exp).toBe(expiresAt.getTime() / 1_000);
    const seconds = (expiresAt.getTime() - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThanOrEqual(90);
    const kept = await rows<{ row: string }>(
      test.owner(),
      'SELECT t::text AS row FROM members.wallet_token t UNION ALL SELECT k::text FROM members.wallet_key k',
    );
    expect(JSON.stringify(kept)).not.toContain(token.split('.')[1]);
  });

  it('is signed by one key, also where the first are made at once', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => givenMember(test)));
    await rows(test.owner(), 'DELETE FROM members.wallet_key');

    const made = await Promise.all(ids.map(make));

    expect(new Set(made.map(({ token }) => decodeProtectedHeader(token).kid)).size).toBe(1);
  });

  it('lets the partner that it is shown to act for 15 minutes, but not read the profile', async () => {
    const [id, partnerId, other] = [
      await givenMember(test),
      await givenPartner(test),
      await givenPartner(test),
    ];
    expect(await may(id, partnerId)).toEqual([]);

    expect(await show((await make(id)).token, partnerId)).toBe(id);

    expect(await may(id, partnerId)).toEqual(['EARN', 'SPEND', 'READ_BALANCE', null]);
    expect(await may(id, other)).toEqual([]);
    await age('899 seconds');
    expect(await may(id, partnerId)).toEqual(['EARN', 'SPEND', 'READ_BALANCE', null]);
    await age('1 second');
    expect(await may(id, partnerId)).toEqual([]);
  });

  it('is good once, also where two tills read it at once', async () => {
    const [id, partnerId] = [await givenMember(test), await givenPartner(test)];
    const { token } = await make(id);

    const found = await Promise.all(Array.from({ length: 4 }, () => show(token, partnerId)));

    expect(found.filter((each) => each === id)).toHaveLength(1);
    expect(await show(token, partnerId)).toBeNull();
  });

  it('finds nobody once it is over, changed, shown to no partner or to a test client', async () => {
    const [id, partnerId] = [await givenMember(test), await givenPartner(test)];
    const { token } = await make(id);

    expect(await show(`${token}x`, partnerId)).toBeNull();
    expect(await show(token, null)).toBeNull();
    expect(await show(token, partnerId, true)).toBeNull();
    await age('91 seconds');
    expect(await show(token, partnerId)).toBeNull();
    const fresh = await make(id);
    await test.db('members').update(Member, { id }, { status: 'SUSPENDED' });
    expect(await show(fresh.token, partnerId)).toBeNull();
    await expect(make(id)).rejects.toEqual(refusal('MEMBER_INACTIVE'));
  });

  it('is made 20 times within a minute at most, also at once', async () => {
    const id = await givenMember(test);

    const made = await Promise.allSettled(Array.from({ length: 22 }, () => make(id)));

    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    await expect(make(id)).rejects.toEqual(refusal('LIMIT_REACHED'));
  });

  it('records one activity, however often and wherever at once the till repeats the call', async () => {
    const [id, partnerId] = [await givenMember(test), await givenPartner(test)];
    const { token: walletToken } = await make(id);
    const occurredAt = new Date();
    const record = (reference: string) =>
      recordActivity(
        test.db('partners'),
        {
          member: { walletToken },
          kind: 'PURCHASE',
          reference,
          occurredAt,
          amount: { amount: '12.00', currency: 'EUR' },
        },
        { viewer: partnerViewer(partnerId), clock: databaseClock },
      );
    const reference = randomUUID();

    const atOnce = await Promise.all([record(reference), record(reference), record(reference)]);
    const later = await record(reference);

    expect(later).toMatchObject({ memberId: id, points: 12n });
    expect(new Set([...atOnce, later].map((activity) => activity.id)).size).toBe(1);
    await expect(record(randomUUID())).rejects.toEqual(refusal('NOT_FOUND', ['member']));
  });

  it('is cleared away a day after its end', async () => {
    await make(await givenMember(test));
    await age('1 day 91 seconds');
    const { token } = await make(await givenMember(test));

    await rows(test.db('worker'), 'SELECT members.clear_wallet_tokens(1000)');

    expect(await rows(test.owner(), 'SELECT FROM members.wallet_token')).toHaveLength(1);
    expect(await show(token, await givenPartner(test))).not.toBeNull();
  });
});
